"""Fields of study and the ISCO-08 groups their graduates enter: a prior, from general knowledge.

A degree programme names a field, and a field leads to a handful of groups. It is weak evidence (graduates work
everywhere), so it only tilts what the text itself says. Words are folded stems' beginnings, Spanish and English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from moirai.skills.text import fold

# (beginnings of words, any of which names the field) -> ISCO-08 prefixes, most typical first.
FIELDS: tuple[tuple[str, str], ...] = (
    ("contadur contabil contador accounting accountan", "2411 3313 4311 2412 3352"),
    ("finanz financ actuari bursatil", "2412 2413 3311 2411 3312 1211 1346 4312 3313 2120"),
    ("econom", "2631 2413 2412 2422 3314"),
    ("administraci administrati management business empresa", "2421 1219 3341 3343 4110 2422 1120 2423 3331 3339 1211"),
    ("recursos~humanos human~resource talento personnel", "2423 1212 3333 4416 2424"),
    ("mercadotecn marketing publici advertis", "2431 1221 1222 2432 3322 2433 2434"),
    ("comerci sales ventas commerce", "3322 3323 3324 3339 1221 2433 1420 2434 5223 5222 3331"),
    (
        "negocios international~business comercio~internacional comercio~exterior aduan trade",
        "3323 3322 1324 3331 2433 1221 3324 4323 2421 3339",
    ),
    ("relaciones~comerciales", "2433 3322 1221 1222 2432 2431 3339"),
    ("logist cadena~de~suministro supply transporte", "1324 4321 4323 3331 2141 3323 4322"),
    ("derecho abogac juridic law legal leyes", "2611 2619 3411 2612 1112"),
    ("criminolog criminalist segurid policia forens security criminal", "3355 5412 2619 5414 3119 2632 3411 1349"),
    (
        "administracion~publica public~administration politica politic gobierno public~policy",
        "2422 1112 3343 2633 3359 3353 1213 1111",
    ),
    ("relaciones~internacionales international~relations", "2633 2422 2643 1112"),
    ("comunicaci communicat periodis journalis", "2642 2432 2431 2656 2654 1222 2641"),
    ("relaciones~publicas public~relations", "2432 1222 2431"),
    ("psicolog psycholog", "2634 2635 2423 2359 3412"),
    ("trabajo~social social~work", "2635 3412 1344 5312"),
    ("sociolog antropolog sociol anthrop ciencias~sociales social~science arqueolog", "2632 2635 2633 2634 2422 3412"),
    ("humanidad letras literatur filosof philosoph humanit linguist", "2641 2643 2633 2642 2330 2310 2353"),
    ("histori", "2633 2621 2330 2310"),
    ("traducc interpret lenguas translat languages", "2643 2353 2330"),
    ("bibliotec archiv library librar", "2622 2621 4411 3433"),
    (
        "educaci pedagog docenc ensenanza teach educat",
        "2341 2342 2330 2320 2351 2352 2359 2310 5312 2353 1345 2354 2355",
    ),
    ("preescolar infantil early~childhood", "2342 5311 1341 5312"),
    ("deport educacion~fisica sport physical~education entrenamient", "3422 3423 2359 3421 2330 1431"),
    ("arte artes artist arts danza teatro theatre dance", "2651 2652 2653 2655 2654 2659 2355 3435 3431"),
    ("musica music", "2652 2354 3521"),
    ("cine audiovisual film multimedia", "2654 3521 2166 3431 2166"),
    ("diseno design", "2166 2163 3432 2513 2162 2651"),
    ("grafic graphic", "2166 7321 7322 2513"),
    ("arquitect architect", "2161 2162 2164 3112 3118 2163"),
    ("moda fashion textil textile", "2163 7531 7532 3432 8152"),
    ("civil construcc construct", "2142 3112 3123 1323 2165 7111"),
    ("topograf geomat surveying cartograf", "2165 3118"),
    ("industrial", "2141 3139 2149 1321 3122 3119 8211"),
    ("mecanic mechanic automotri automotive", "2144 3115 7231 7233 7223 3119"),
    ("mecatron mechatron robot", "2144 2152 2151 3139 3115 7412"),
    ("electric electromec", "2151 3113 7411 7412 7413 3131"),
    ("electron", "2152 3114 7421 2151 3522"),
    ("telecom telemat", "2153 3522 7422 2523"),
    (
        "sistemas comput informat tecnologias~de~la~informacion software information~tech programac data~science "
        "datos ciberseg tic",
        "2512 2511 2522 2513 2514 2519 2521 2523 2529 3512 3511 3513 3514 1330 2120",
    ),
    ("quimic chemi petroquim", "2113 2145 3116 3111 3133 8131"),
    ("petrol petroleum gas", "2146 3117 8113 2114 3134"),
    ("minas mining metalurg metallurg geolog", "2146 3117 2114 3121 3135 8111"),
    ("materiales materials", "2146 2141 2145 2149"),
    ("ambient environment ecolog sustent", "2133 2143 3257 2131 1349 2263"),
    ("biolog biotec biotech biology", "2131 3141 2113 3212 2133"),
    ("agronom agric agropec horticul", "2132 6111 6113 3142 1311 6130"),
    ("forest", "2132 3143 6210"),
    ("veterinari veterinary zootec", "2250 3240 2132 6121"),
    ("pesca acuic aquacul fisher", "1312 6221 6222"),
    ("alimentos food", "2145 3119 7514 8160 2132 2113 3116"),
    ("gastronom culinar cocina culinary", "3434 5120 1412 7512 5131"),
    ("turis hotel hospitality touris", "1411 4221 1412 1439 5113 4224 5111 3332 2431 1420 4229"),
    ("medic medicin medicine", "2211 2212 2221 3256 2240"),
    ("enferm nurs obstetr partera midwi", "2221 3221 5321 2222 3222 5322"),
    ("odontolog dental dentist estomatolog", "2261 3251 3214"),
    ("farmac pharmac quimico~farmac", "2262 3213 5321 2113"),
    ("nutri dietet", "2265 2269"),
    ("fisioter physiother rehabilitac terapia", "2264 3255 2269 2266"),
    ("salud~publica public~health epidemiol", "2263 2269 3257 1342 3253"),
    ("salud health", "2269 2221 2264 2266 2263 3253 3211 3212 3252 3259 1342 2265 2211 2212 3221 5321"),
    ("radiolog imagenolog laboratorio~clinico clinical~laborator", "3211 3212"),
    ("optomet optic optom", "2267 3254"),
    ("biomed", "2149 3211 2152 3212"),
    ("matematic mathemat estadist statistic", "2120 3314 2521 2511"),
    ("fisica physics astronom", "2111 2120 2310"),
    ("geograf geograph", "2114 2632 2165 2164"),
    ("urban planeacion~territorial", "2164 2161 2165"),
    ("aeron aviac aero aviat", "3153 2144 7232 3154 3155"),
    ("naval maritim marine nautic", "3152 3151 2144 8350"),
    ("energia energy renovable renewable", "2151 3131 2149 3119 2144"),
    ("calidad quality", "2141 3119 7543 2149"),
    ("tecnico~superior associate~degree technician", "3111 3112 3113 3114 3115 3116 3117 3118 3119 3122 3139"),
)


@lru_cache(maxsize=4096)
def isco_prior(programme: str) -> dict[str, float]:
    """ISCO-08 unit groups that the field of a degree programme leads to, with weights in (0, 1].

    The first group of a field weighs 1, later ones less: 1 / (1 + 0.15 rank). A programme of several fields has the
    groups of all of them. Unknown programmes give {}.
    """
    folded = " " + re.sub(r"[^a-z0-9]+", " ", fold(programme)).strip() + " "
    weights: dict[str, float] = {}
    for names, groups in FIELDS:
        if any(" " + name.replace("~", " ") in folded for name in names.split()):
            for rank, group in enumerate(groups.split()):
                weights[group] = max(weights.get(group, 0.0), 1 / (1 + 0.15 * rank))
    return weights
