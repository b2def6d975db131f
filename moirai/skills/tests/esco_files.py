"""Small files in the layout of ESCO, written for the tests."""

import csv
import io
import zipfile

GROUP = "http://data.europa.eu/esco/isco/C"
OCCUPATION = "http://data.europa.eu/esco/occupation/"
SKILL = "http://data.europa.eu/esco/skill/"
COLUMNS = {
    "ISCOGroups": ["conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels", "description"],
    "occupations": [
        *("conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status"),
        *("modifiedDate", "description", "code"),
    ],
    "skills": [
        *(
            "conceptType",
            "conceptUri",
            "skillType",
            "reuseLevel",
            "preferredLabel",
            "altLabels",
            "status",
            "description",
        ),
    ],
    "occupationSkillRelations": ["occupationUri", "relationType", "skillType", "skillUri"],
}


def group(code, label):
    return {"conceptUri": GROUP + code, "code": code, "preferredLabel": label, "status": "released"}


def occupation(key, isco, label, alternatives="", description="", status="released"):
    values = {"conceptUri": OCCUPATION + key, "iscoGroup": isco, "preferredLabel": label, "altLabels": alternatives}
    return values | {"status": status, "description": description}


def skill(key, kind, label, alternatives="", reuse="sector-specific"):
    values = {"conceptUri": SKILL + key, "skillType": kind, "reuseLevel": reuse, "preferredLabel": label}
    return values | {"altLabels": alternatives, "status": "released"}


def relation(owner, kind, key):
    return {"occupationUri": OCCUPATION + owner, "relationType": kind, "skillUri": SKILL + key}


def tables():
    """Rows by file, to be changed by a test before they are written."""
    return {
        "ISCOGroups_en.csv": [
            group("25", "ICT professionals"),
            group("2512", "Software developers"),
            group("7212", "Welders"),
        ],
        "ISCOGroups_es.csv": [group("2512", "Programadores"), group("7212", "Soldadores")],
        "occupations_en.csv": [
            occupation("o1", "2512", "software maker", "code writer\nmaker of  programs", "Makes it,\nin many lines."),
            occupation("o2", "7212", "welder", "weld operator"),
        ],
        "occupations_es.csv": [
            occupation("o1", "2512", "creador de programas/creadora de programas", "autora de código")
        ],
        "skills_en.csv": [
            skill("s1", "knowledge", "hydroponic crops"),
            skill("s2", "skill/competence", "join metal parts carefully"),
            skill("s3", "knowledge", "dies"),
            skill("s4", "knowledge", "Swift (computer programming)"),
            skill("s5", "skill/competence", "work in teams every day", reuse="transversal"),
            skill("s6", "knowledge", "geology"),
        ],
        "skills_es.csv": [
            skill("s1", "knowledge", "cultivos hidropónicos", "hidroponía de huerto"),
            skill("s2", "skill/competence", "unir piezas de metal"),
            skill("s3", "knowledge", "boquillas"),
            skill("s4", "knowledge", "Swift (programación informática)"),
            skill("s5", "skill/competence", "colaborar en equipo cada día", reuse="transversal"),
            skill("s6", "knowledge", "geología"),
        ],
        "occupationSkillRelations_en.csv": [
            relation("o1", "essential", "s4"),
            relation("o1", "optional", "s1"),
            relation("o2", "essential", "s2"),
            relation("o2", "optional", "s2"),
        ],
    }


def text_of(name, rows):
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS[name.partition("_")[0]], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write(folder, files):
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        (folder / name).write_text(text_of(name, rows), encoding="utf-8", newline="")
    return folder


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in files.items():
            archive.writestr(f"ESCO v1.2/{name}", text_of(name, rows))
    return path
