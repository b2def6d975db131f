"""Words of a text: folding, tokens with offsets, stems, and the language they are in.

Nothing here imports Django, so the scorer and the extractor of skills share it. Every function keeps
character offsets true: folding is one character to one character, and a token knows where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

LANGUAGES = ("es", "en")
SNOWBALL = {"es": "spanish", "en": "english"}

# A word: letters and digits, with the signs that belong to names such as C++, C#, .NET and Node.js.
WORD = re.compile(r"\.net\b|[a-z]\+\+|[a-z]#|[a-z0-9]+(?:\.js\b)?")
# Endings that only tell the sex of the person: enfermero/a, gestor(a), alumn@s, todxs.
GENDER_ENDING = re.compile(r"(?<=[a-z]{3})(?:/|\()(?:a|as|o|os|ra|ras|ora|oras)\b\)?|(?<=[a-z]{3})@(?=s?\b)")
CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|(?:https?://|www\.)\S+"
    r"|\b(?:linkedin|github|gitlab|facebook|instagram)\.com\S*"
    r"|\+?\(?\d[\d\s().-]{7,}\d"  # telephone
)
PERSONAL_LINE = re.compile(
    r"^\s*(?:nombre|name|full name|nombre completo|sexo|sex|gender|genero|edad|age|fecha de nacimiento|date of birth"
    r"|birth ?date|estado civil|marital status|nacionalidad|nationality|domicilio|direccion|address|foto|photo"
    r"|curp|rfc|nss|telefono|phone|celular|mobile|correo|e-?mail|pronombres|pronouns|lugar de nacimiento"
    r"|place of birth|religion|hijos|children)\s*[:：][^\n]*$",
    re.MULTILINE,
)


class Token(NamedTuple):
    """One word of a text: ``text[start:end]`` folded, and its stem in the language of the text."""

    start: int
    end: int
    word: str
    stem: str


def _folding_table() -> dict[int, str]:
    table = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        table[code] = base if base.isascii() else chr(code).lower()[0]
    table.update({ord("’"): "'", ord("‘"): "'", ord("–"): "-", ord("—"): "-", 0xA0: " "})
    return table


FOLDING = _folding_table()
FOLDING.update({code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)})


def fold(text: str) -> str:
    """Lower case without accents, one character for one: ``len(fold(text)) == len(text)``."""
    return text.translate(FOLDING)


def without_personal_lines(text: str) -> str:
    """The text with contact details and lines such as ``Edad: 24`` blanked, at unchanged offsets."""
    folded = fold(text)
    for pattern in (PERSONAL_LINE, CONTACT):
        for match in pattern.finditer(folded):
            start, end = match.span()
            text = text[:start] + " " * (end - start) + text[end:]
    return text


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(SNOWBALL[language])


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Snowball stem of a folded word; languages without a stemmer here are read as English."""
    return str(_stemmer(language if language in SNOWBALL else "en").stemWord(word))


def tokens(text: str, language: str) -> Iterator[Token]:
    """Every word of the text that is not a stop word, in order, with offsets into ``text``."""
    folded = GENDER_ENDING.sub(lambda match: " " * len(match.group()), fold(text))
    for match in WORD.finditer(folded):
        word = match.group()
        if is_content(word):
            yield Token(match.start(), match.end(), word, stem(word, language))


def stems(text: str, language: str) -> list[str]:
    """Stems of the content words of a text, in order, without stop words and boilerplate."""
    folded = GENDER_ENDING.sub(" ", fold(text))
    return [stem(word, language) for word in WORD.findall(folded) if is_content(word)]


@lru_cache(maxsize=200_000)
def is_content(word: str) -> bool:
    """Whether a folded word says anything: no stop word, no number, no single letter except R and C."""
    if word in STOP_WORDS or word.isdigit():
        return False
    return len(word) > 1 or word in {"r", "c"}


def words_in(text: str) -> int:
    """How many words that say something a text has."""
    return sum(1 for word in re.findall(r"\w+", text.lower()) if is_content(word))


def language_of(text: str, default: str = "es") -> str:
    """``es``, ``en`` or ``other``; ``default`` where the text is too short to tell.

    Function words decide where there are enough of them (exact and fast); py3langid decides the rest.
    """
    words = WORD.findall(fold(text[:4000]))
    spanish = sum(word in SPANISH_MARKERS for word in words)
    english = sum(word in ENGLISH_MARKERS for word in words)
    if spanish + english >= max(2, len(words) // 7) and abs(spanish - english) > (spanish + english) / 3:
        return "es" if spanish > english else "en"
    if len(words) < 4:
        return default
    import py3langid

    found, _ = py3langid.classify(text[:4000].lower())
    if found in LANGUAGES:
        return str(found)
    return "other" if len(words) >= 12 and spanish + english <= len(words) / 12 else default


SPANISH_MARKERS = frozenset(
    "de la el los las en y del para con una un por que se al su sus como mas es o lo e entre sobre desde nos "
    "esta este son ser muy tu tus te si sin nuestra nuestro tambien hasta".split()
)
ENGLISH_MARKERS = frozenset(
    "the of and to in for with on is are as be our you your we by or from that this will at an it have has "
    "their they which into other who all can must using".split()
)

# Words that carry no meaning of a trade, folded. Function words first, then what every posting and CV says.
STOP_WORDS = frozenset(
    # Spanish function words
    """a al algo alguna algunas alguno algunos ante antes asi aun aunque cada como con contra cual cuales cuando de del
    desde     donde dos durante e el ella ellas ellos en entre era eran eres es esa esas ese eso esos esta
    estaba estan estar estas este     esto estos estoy fue fueron ha haber habia han has hasta hay he hemos la
    las le les lo los mas me mi mis mientras mucha     muchas mucho muchos muy nada ni no nos nosotros nuestra
    nuestras nuestro nuestros o os otra otras otro otros para pero poco     por porque pues que quien quienes se
    sea sean segun ser si sido siempre sin sino sobre solo son su sus tal tales tambien     tan tanto te tenemos
    tener tengo ti tiene tienen toda todas todo todos tras tu tus tuvo u un una unas uno unos vos usted
    ustedes y ya yo asimismo mediante dentro fuera hacia tipo etc cualquier ambos mismo misma mismos dicho dicha
    aquel aquella aquellos cuyo cuya fui fuimos hacer hace sera seran"""
    # English function words
    """ about above after again all also am an and any are as at be because been before being below between both but by
    can     could did do does doing down during each few for from further had has have having he her here hers
    him his how i if in     into is it its itself just me more most my myself nor not now of off on once only or
    other our ours out over own same     she should so some such than that the their theirs them then there
    these they this those through to too under until up     upon us very was we were what when where which while
    who whom whose why will with within without would you your yours     yourself may might must shall per via
    etc e.g ie eg"""
    # what every Spanish posting says
    """ busca buscamos busqueda busquedas busco empresa empresas puesto puestos vacante vacantes oferta ofrecemos ofrece
    requisito     requisitos requerimos requiere requerido excluyente excluyentes deseable deseables
    preferentemente indispensable     experiencia experiencias previa minimo minima anos ano mes meses dia dias
    semana hora horas hs horario horarios jornada lunes     martes miercoles jueves viernes sabado sabados
    domingo domingos turno turnos rotativos salario sueldo bono bonos prestaciones     beneficio beneficios
    vacaciones modalidad presencial hibrido hibrida remoto remota     tiempo completo disponibilidad inmediata
    zona residir residencia ubicacion ubicada ubicado lugar trabajo trabajar     trabajamos perfil
    responsabilidad responsabilidades funcion funciones tarea tareas actividades principal     principales
    realizar realizacion conocimiento conocimientos habilidad habilidades capacidad capacidades competencias
    aptitud     aptitudes actitud proactiva proactivo proactividad orientacion orientado resultado resultados
    buen buena buenas bueno excelente     manejo nivel intermedio avanzado basico basicos dominio estudiante
    estudiantes estudios estudio egresado     egresados egresada recien recibido graduado carrera carreras afin
    afines titulo titulado     universitario universitaria secundario licenciatura ingenieria preparatoria
    trunca pasante     persona personas candidato candidatos postulate postularte postulacion postula enviar cv
    curriculum interesados importante     sector rubro nuestro incorporar incorporacion sumar sumarse unete
    oportunidad oportunidades     crecimiento profesional profesionales laboral ambiente igualdad genero
    discapacidad diversidad inclusion     edad sexo anios ultimos semestres practicas primer empleo escolar
    interes aprender aportar     promedio idioma idiomas espanol nativo ingles sr jr ssr senior junior caba
    argentina mexico"""
    # what every English posting says
    """ job jobs role roles position positions candidate candidates applicant applicants apply application applications
    responsibilities responsibility responsible duties requirement requirements required require requires
    qualification     qualifications preferred minimum desirable essential experience experienced year years
    month months ability abilities able     strong excellent good great skill skills knowledge understanding
    work works working worked environment team teams opportunity     opportunities career careers organisation
    organization join joining looking seeking ideal successful competitive     salary benefits pay hourly week
    weekly hours full-time part-time flexible employer equal diversity inclusion     disability degree bachelor
    bachelors ba bs equivalent related practical including include includes     such various variety well new
    ensure ensuring relevant appropriate necessary duty competitive offer offers     per annum band nhs location
    please closing date interview vacancy shift shifts day days time""".split()
)
