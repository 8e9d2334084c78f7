import openpyxl, datetime
w=openpyxl.Workbook();s=w.active;s.title='Daten'
s.append(['id','dose','y','when','double'])
for i in range(6):
    s.append(['S%02d'%(i//2),['low','high'][i%2],i*0.1,datetime.date(2021,3,29)+datetime.timedelta(days=i),'=C%d*2'%(i+2)])
w.save('openpyxl.xlsx')
