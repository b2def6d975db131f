"""Who may do what: one line for each route, object and method. A route that is not here fails the build."""

from __future__ import annotations

TABLE = """
"""
PAYLOADS: dict[str, dict[str, str]] = {
    "account": {"full_name": "Otro Nombre", "language": "en"},
    "set_theme": {"theme": "dark", "next": "/"},
    "students:save_settings": {"visibility": "companies"},
    "students:edit_profile": {"degree_program": "Otra carrera", "experience_years": "3"},
    "students:review_skills": {"skill-{skill of owner}": "remove", "skill-{skill of other}": "remove"},
    "students:add_skill": {"name": "python", "statement": "Usé python en un proyecto."},
    "students:contest_evidence": {"next": "/perfil/"},
    "students:add_entry": {"title": "Otra entrada"},
    "students:edit_entry": {"title": "Otra entrada"},
    "students:delete_entry": {},
    "jobs:apply": {"message": "Me interesa", "cv": ""},
    "jobs:register_company": {"name": "Nueva", "city": "Puebla", "position": "Yo"},
    "jobs:close_job": {"reason": "filled"},
    "jobs:move_application": {"to": "interview", "note": "Ven a vernos."},
    "jobs:job_skills": {"add": "1", "name": "python", "level": "required"},
    "jobs:review_job": {},
}
TEXT = {
    "title": "Otro título", "description": "Programarás servicios web en python para bibliotecas de la ciudad.",
    "kind": "first_job", "modality": "remote", "seniority": "junior", "pay_from": "10000", "pay_to": "12000",
    "pay_period": "month", "closes_on": "2026-12-20", "language": "es",
}  # fmt: skip
PAYLOADS |= {"jobs:new_job": TEXT, "jobs:edit_job": TEXT}
TARGETS: dict[str, list[str]] = {
    "students:cv_file": ["cv of owner", "cv of other"],
    "students:contest_evidence": ["evidence of owner", "evidence of other"],
    "students:add_entry": ["'project", "'spaceship"],
    "students:edit_entry": ["entry of owner", "entry of other"],
    "students:delete_entry": ["entry of owner", "entry of other"],
    "jobs:job": ["posting of A, 'puesto", "draft of A, 'borrador", "posting of C, 'puesto", "draft of B, 'borrador"],
    "jobs:apply": ["posting of A", "posting of B", "draft of A", "posting of C"],
    "jobs:application": ["application of owner", "application of other"],
    "jobs:withdraw": ["application of owner", "application of other"],
    "jobs:company": ["company A", "company C"],
    "jobs:edit_job": ["posting of A", "draft of A", "draft of B", "draft of C"],
    "jobs:job_skills": ["draft of A", "draft of B", "draft of C"],
    "jobs:review_job": ["draft of A", "draft of B", "draft of C"],
    "jobs:close_job": ["posting of A", "posting of B", "draft of C"],
    "jobs:move_application": [
        "application of owner",
        "application of other",
        "application of withdrawn",
        "application of of C",
    ],
    "jobs:application_cv": [
        "application of owner",
        "application of other",
        "application of withdrawn",
        "application of of C",
    ],
    "matching:candidate": [
        "application of owner",
        "application of other",
        "application of withdrawn",
        "application of of C",
    ],
    "matching:why": ["posting of A", "draft of A", "posting of C"],
    "matching:candidates": ["posting of A", "posting of B", "posting of C"],
    "matching:suggested": [
        "posting of A, consenting",
        "posting of A, private",
        "posting of A, owner",
        "posting of B, consenting",
        "posting of C, consenting",
    ],
    "notifications:open": ["notice of owner", "notice of other"],
    "account_confirm_email": ["'nada"],
    "account_reset_password_from_key": ["'1, 'nada"],
}
