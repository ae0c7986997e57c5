require('/work/h/evaluate/libs/platform/fixtures/register-typescript.cjs');
const {RandomSource}=require('@ringwatch/fleet');
const {classes}=require('/work/h/evaluate/test/evaluate/classes/index.ts');
const c=classes.find(c=>c.number==='4'); let n=0,b=0;
for(let i=0;i<150;i++){const plan=c.plan({random:new RandomSource(`4/${i}`),turn:0,beyond:false});
 const s=plan.shipments[0].shippedAt; for(let t=s-10000;t<s+900000;t+=10000) {n+=[...plan.crashes[1](t,t+10000)].length; 0}
 if(i==0) console.log(plan.fleet.strata.reduce((a,x)=>a+plan.shipments[0].takenBefore(x,s+900000),0));}
console.log(n/150,b/150,'expected',500*.005, 1e6*.005/96);
