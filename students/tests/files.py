"""CV files for tests, good and hostile, made in memory."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pypdf
from fpdf import FPDF

CV_LINES = [
    "Perfil",
    "Estudiante de Ingeniería en Sistemas de octavo semestre.",
    "Experiencia",
    "Programé servicios web en Python para una biblioteca.",
    "Habilidades",
    "Python, SQL, Excel",
]


def pdf(lines=CV_LINES, *, pages=1):
    """The same lines give the same bytes, whatever second it is."""
    document = FPDF()
    document.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    document.set_font("Helvetica", size=12)
    for _ in range(pages):
        document.add_page()
        for line in lines:
            document.cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())


def picture_pdf():
    """A page with a picture and no text, as a scanner makes it."""
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(picture, "PNG")
    document = FPDF()
    document.add_page()
    document.image(picture, w=180)
    return bytes(document.output())


def encrypted_pdf(password="secret", *, owner_only=False):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt("" if owner_only else password, owner_password=password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx_file(lines=CV_LINES, *, header="", cells=()):
    document = docx.Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for line in lines:
        document.add_paragraph(line)
    if cells:
        table = document.add_table(rows=1, cols=len(cells))
        for cell, text in zip(table.rows[0].cells, cells, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb_docx(megabytes=300):
    """A small archive whose document.xml unpacks to ``megabytes`` of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as entry:
            for _ in range(megabytes):
                entry.write(b" " * 1024 * 1024)
    return out.getvalue()


def odt(body=None, *, prologue=""):
    lines = "".join(f"<text:p>{line}</text:p>" for line in CV_LINES) if body is None else body
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:text>{lines}</office:text></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return out.getvalue()


def spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(range(256)) * 20
