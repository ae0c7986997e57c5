import { readFileSync } from 'node:fs';
import { connectClickHouse, rollChangedHours } from '@ringwatch/clickhouse';
const db = connectClickHouse({ url: readFileSync('/tmp/rollup/lab.url','utf8'), database: process.argv[2], username: 'default', password: '' }, { timeoutMs: 3600000 });
const r = await rollChangedHours(db); console.log(r.length, r.map(x=>Math.round(x.ms)).sort((a,b)=>a-b).filter((_,i)=>i%12===0).join(' ')); await db.close();
