import Excel from 'exceljs';
const o='';
// trial.xlsx: one sheet with data, types
{
 const w=new Excel.Workbook();
 const s=w.addWorksheet('Trial');w.addWorksheet('Empty');
 s.addRow(['id','arm','visit','y','when','stamp','clock','ok','code','note','calc','pct']);
 for(let i=0;i<8;i++){
  const r=s.addRow([i+1,i%2?'B':'A',i%4,i===3?null:i*1.5,new Date(Date.UTC(2021,2,29+i)),new Date(Date.UTC(2021,2,29,8,15,i)),(8+i)/24,i%3===0,'00'+(40+i),i===5?'':'n'+i,{formula:'D'+(i+2)+'*2',result:i===3?0:i*3},i/100]);
  r.getCell(5).numFmt='yyyy-mm-dd';r.getCell(6).numFmt='dd.mm.yyyy hh:mm:ss';r.getCell(7).numFmt='h:mm';r.getCell(12).numFmt='0.0%';
 }
 s.getCell('D6').value={error:'#N/A'};
 s.getCell('D7').value={error:'#DIV/0!'};
 await w.xlsx.writeFile(o+'trial.xlsx');
}
{
 const w=new Excel.Workbook();
 const n=w.addWorksheet('Readme');n.addRow(['A study of lead']);
 const a=w.addWorksheet('first');a.addRow(['x','y']);a.addRow([1,2]);a.addRow([3,4]);
 const b=w.addWorksheet('second');b.addRow(['x','z']);b.addRow([5,'a']);
 await w.xlsx.writeFile(o+'sheets.xlsx');
}
{
 const w=new Excel.Workbook();
 const s=w.addWorksheet('Data');
 s.getCell('B3').value='g';s.getCell('C3').value='y';s.getCell('D3').value='z';
 for(let i=0;i<6;i++){ if(i%2===0)s.getCell('B'+(4+i)).value='G'+i; s.getCell('C'+(4+i)).value=i+0.5; if(i!==2)s.getCell('D'+(4+i)).value=i===4?'n.d.':i; }
 s.mergeCells('B4:B5');s.mergeCells('B6:B7');s.mergeCells('B8:B9');
 s.getRow(7).hidden=true;
 await w.xlsx.writeFile(o+'merged.xlsx');
}
