/** Part of the world by UN M49, the coarse half of a stratum. `other` stands for an unknown country. */
export type Region = 'africa' | 'americas' | 'asia' | 'europe' | 'oceania' | 'other';

/** ISO 3166-1 alpha-2 codes by UN M49 region. Source: UN Statistics Division, standard country or area codes (M49). */
const countriesOf: Record<Exclude<Region, 'other'>, string> = {
  africa:
    'DZ EG LY MA SD TN EH IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW AO CM CF TD CG CD GQ GA ST BW SZ LS NA ZA BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG',
  americas:
    'AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI BZ CR SV GT HN MX NI PA AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE BM CA GL PM US',
  asia: 'KZ KG TJ TM UZ CN HK MO KP JP MN KR BN KH ID LA MY MM PH SG TH TL VN AF BD BT IN IR MV NP PK LK AM AZ BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE TW',
  europe:
    'BY BG CZ HU PL MD RO RU SK UA AX DK EE FO FI IS IE IM LV LT NO SJ SE GB GG JE AL AD BA HR GI GR VA IT MT ME MK PT SM RS SI ES XK AT BE FR DE LI LU MC NL CH',
  oceania: 'AU CX CC HM NZ NF FJ NC PG SB VU GU KI MH FM NR MP PW UM AS CK PF NU PN WS TK TO TV WF',
};

const regions = new Map<string, Region>(
  Object.entries(countriesOf).flatMap(([region, codes]) => codes.split(' ').map((code) => [code, region as Region])),
);

/** The region of a country by its ISO 3166-1 alpha-2 code. */
export function regionOf(country: string): Region {
  return regions.get(country) ?? 'other';
}
