library(openxlsx)
d <- data.frame(id=c("0042","42","7"), y=c(1.5,NA,2.25), when=as.Date("2021-03-29")+0:2, t=as.POSIXct("2021-03-29 08:15:00",tz="UTC")+60*(0:2), ok=c(TRUE,FALSE,NA), label=c("a \"q\"","two\nlines","NA"))
write.xlsx(list(Result=d), "openxlsx.xlsx")
