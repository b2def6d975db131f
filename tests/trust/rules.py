"""Who may do what: one line for each route, object and method. A route that is not here fails the build.

``+`` served, ``>`` sent on to another page of the site, ``.`` refused: sign-in for visitors, 403, or 404 where
existence is a secret. A method that has no line is answered 405. What a page may say, and what a request may change,
is judged by the marks and holdings of `world.py`, for every line alike. Staff work in the admin, so the pages of
students and recruiters are closed to them.
"""

from __future__ import annotations

# Columns: anonymous, owner, other student, recruiter, colleague, other recruiter, unverified, staff, superuser.
# route                               whose                                 how  a o s r c R u S $
TABLE = """
healthz                               -                                     GET  + + + + + + + + +
home                                  -                                     GET  + + + + + + + + +
start                                 -                                     GET  . > > > > > > > >
account                               -                                     GET  . + + + + + + + +
account                               -                                     POST . > > > > > > > >
account_login                         -                                     GET  + > > > > > > > >
account_login                         -                                     POST + > > > > > > > >
account_logout                        -                                     GET  > + + + + + + + +
account_logout                        -                                     POST > > > > > > > > >
account_signup                        -                                     GET  + > > > > > > > >
account_signup                        -                                     POST + > > > > > > > >
account_inactive                      -                                     GET  + + + + + + + + +
account_email_verification_sent       -                                     GET  + + + + + + + + +
account_confirm_email                 'nada                                 GET  + + + + + + + + +
account_confirm_email                 'nada                                 POST . . . . . . . . .
account_reset_password                -                                     GET  + + + + + + + + +
account_reset_password                -                                     POST + + + + + + + + +
account_reset_password_done           -                                     GET  + + + + + + + + +
account_reset_password_from_key_done  -                                     GET  + + + + + + + + +
account_reset_password_from_key       '1, 'nada                             GET  + + + + + + + + +
account_reset_password_from_key       '1, 'nada                             POST + + + + + + + + +
account_change_password               -                                     GET  . + + + + + + + +
account_change_password               -                                     POST . + + + + + + + +
account_set_password                  -                                     GET  . > > > > > > > >
account_set_password                  -                                     POST . > > > > > > > >
account_email                         -                                     GET  . + + + + + + + +
account_email                         -                                     POST . > > > > > > > >
account_reauthenticate                -                                     GET  . + + + + + + + +
account_reauthenticate                -                                     POST . + + + + + + + +
usersessions_list                     -                                     GET  . + + + + + + + +
usersessions_list                     -                                     POST . > > > > > > > >
set_theme                             -                                     POST > > > > > > > > >
how_we_score                          -                                     GET  + + + + + + + + +
privacy_notice                        -                                     GET  + + + + + + + + +
accessibility                         -                                     GET  + + + + + + + + +
help                                  -                                     GET  + + + + + + + + +
students:start                        -                                     GET  . > > . . . . . .
students:upload_cv                    -                                     GET  . + + . . . . . .
students:upload_cv                    -                                     POST . + + . . . . . .
students:reading                      -                                     GET  . + + . . . . . .
students:review_skills                -                                     GET  . + + . . . . . .
students:review_skills                -                                     POST . > > . . . . . .
students:profile                      -                                     GET  . + + . . . . . .
students:edit_profile                 -                                     GET  . + + . . . . . .
students:edit_profile                 -                                     POST . > > . . . . . .
students:save_settings                -                                     POST . > > . . . . . .
students:print_profile                -                                     GET  . + + . . . . . .
students:cv                           -                                     GET  . + + . . . . . .
students:cv_file                      cv of owner                           GET  . + . . . . . . .
students:cv_file                      cv of other                           GET  . . + . . . . . .
students:add_skill                    -                                     GET  . + + . . . . . .
students:add_skill                    -                                     POST . > > . . . . . .
students:contest_evidence             evidence of owner                     GET  . + . . . . . . .
students:contest_evidence             evidence of owner                     POST . > . . . . . . .
students:contest_evidence             evidence of other                     GET  . . + . . . . . .
students:contest_evidence             evidence of other                     POST . . > . . . . . .
students:add_entry                    'project                              GET  . + + . . . . . .
students:add_entry                    'project                              POST . > > . . . . . .
students:add_entry                    'spaceship                            GET  . . . . . . . . .
students:add_entry                    'spaceship                            POST . . . . . . . . .
students:edit_entry                   entry of owner                        GET  . + . . . . . . .
students:edit_entry                   entry of owner                        POST . > . . . . . . .
students:edit_entry                   entry of other                        GET  . . + . . . . . .
students:edit_entry                   entry of other                        POST . . > . . . . . .
students:delete_entry                 entry of owner                        GET  . + . . . . . . .
students:delete_entry                 entry of owner                        POST . > . . . . . . .
students:delete_entry                 entry of other                        GET  . . + . . . . . .
students:delete_entry                 entry of other                        POST . . > . . . . . .
jobs:start                            -                                     GET  . > > > > > > > >
jobs:job_list                         -                                     GET  + + + + + + + + +
jobs:job                              posting of A, 'puesto                 GET  + + + + + + + + +
jobs:job                              draft of A, 'borrador                 GET  . . . + + . . + +
jobs:job                              posting of C, 'puesto                 GET  . . . . . . + + +
jobs:job                              draft of B, 'borrador                 GET  . . . . . + . + +
jobs:apply                            posting of A                          GET  . > + . . . . . .
jobs:apply                            posting of A                          POST . > + . . . . . .
jobs:apply                            posting of B                          GET  . + > . . . . . .
jobs:apply                            posting of B                          POST . + > . . . . . .
jobs:apply                            draft of A                            GET  . . . . . . . . .
jobs:apply                            draft of A                            POST . . . . . . . . .
jobs:apply                            posting of C                          GET  . . . . . . . . .
jobs:apply                            posting of C                          POST . . . . . . . . .
jobs:applications                     -                                     GET  . + + . . . . . .
jobs:application                      application of owner                  GET  . + . . . . . . .
jobs:application                      application of other                  GET  . . + . . . . . .
jobs:withdraw                         application of owner                  GET  . + . . . . . . .
jobs:withdraw                         application of owner                  POST . > . . . . . . .
jobs:withdraw                         application of other                  GET  . . + . . . . . .
jobs:withdraw                         application of other                  POST . . > . . . . . .
jobs:company                          company A                             GET  + + + + + + + + +
jobs:company                          company C                             GET  . . . . . . + . .
jobs:company_home                     -                                     GET  . . . + + + + . .
jobs:register_company                 -                                     GET  . . . > > > > . .
jobs:register_company                 -                                     POST . . . > > > > . .
jobs:new_job                          -                                     GET  . . . + + + + . .
jobs:new_job                          -                                     POST . . . > > > > . .
jobs:edit_job                         posting of A                          GET  . . . + + . . . .
jobs:edit_job                         posting of A                          POST . . . > > . . . .
jobs:edit_job                         draft of A                            GET  . . . + + . . . .
jobs:edit_job                         draft of A                            POST . . . > > . . . .
jobs:edit_job                         draft of B                            GET  . . . . . + . . .
jobs:edit_job                         draft of B                            POST . . . . . > . . .
jobs:edit_job                         draft of C                            GET  . . . . . . + . .
jobs:edit_job                         draft of C                            POST . . . . . . > . .
jobs:job_skills                       draft of A                            GET  . . . + + . . . .
jobs:job_skills                       draft of A                            POST . . . > > . . . .
jobs:job_skills                       draft of B                            GET  . . . . . + . . .
jobs:job_skills                       draft of B                            POST . . . . . > . . .
jobs:job_skills                       draft of C                            GET  . . . . . . + . .
jobs:job_skills                       draft of C                            POST . . . . . . > . .
jobs:review_job                       draft of A                            GET  . . . + + . . . .
jobs:review_job                       draft of A                            POST . . . > > . . . .
jobs:review_job                       draft of B                            GET  . . . . . + . . .
jobs:review_job                       draft of B                            POST . . . . . > . . .
jobs:review_job                       draft of C                            GET  . . . . . . + . .
jobs:review_job                       draft of C                            POST . . . . . . > . .
jobs:close_job                        posting of A                          GET  . . . + + . . . .
jobs:close_job                        posting of A                          POST . . . > > . . . .
jobs:close_job                        posting of B                          GET  . . . . . + . . .
jobs:close_job                        posting of B                          POST . . . . . > . . .
jobs:close_job                        draft of C                            GET  . . . . . . + . .
jobs:close_job                        draft of C                            POST . . . . . . > . .
jobs:move_application                 application of owner                  GET  . . . + + . . . .
jobs:move_application                 application of owner                  POST . . . > > . . . .
jobs:move_application                 application of other                  GET  . . . . . + . . .
jobs:move_application                 application of other                  POST . . . . . > . . .
jobs:move_application                 application of withdrawn              GET  . . . . . . . . .
jobs:move_application                 application of withdrawn              POST . . . . . . . . .
jobs:move_application                 application of applicant to C     GET  . . . . . . . . .
jobs:move_application                 application of applicant to C     POST . . . . . . . . .
jobs:application_cv                   application of owner                  GET  . . . + + . . . .
jobs:application_cv                   application of other                  GET  . . . . . + . . .
jobs:application_cv                   application of withdrawn              GET  . . . . . . . . .
jobs:application_cv                   application of applicant to C     GET  . . . . . . . . .
matching:for_you                      -                                     GET  . + + . . . . . .
matching:why                          posting of A                          GET  . + + . . . . . .
matching:why                          draft of A                            GET  . . . . . . . . .
matching:why                          posting of C                          GET  . . . . . . . . .
matching:candidates                   posting of A                          GET  . . . + + . . . .
matching:candidates                   posting of B                          GET  . . . . . + . . .
matching:candidates                   posting of C                          GET  . . . . . . + . .
matching:candidate                    application of owner                  GET  . . . + + . . . .
matching:candidate                    application of other                  GET  . . . . . + . . .
matching:candidate                    application of withdrawn              GET  . . . . . . . . .
matching:candidate                    application of applicant to C     GET  . . . . . . . . .
matching:suggested                    posting of A, consenting              GET  . . . + + . . . .
matching:suggested                    posting of A, private                 GET  . . . . . . . . .
matching:suggested                    posting of A, owner                   GET  . . . > > . . . .
matching:suggested                    posting of B, consenting              GET  . . . . . + . . .
matching:suggested                    posting of C, consenting              GET  . . . . . . . . .
notifications:list                    -                                     GET  . + + + + + + + +
notifications:read_all                -                                     POST . > > > > > > > >
notifications:open                    notice of owner                       GET  . > . . . . . . .
notifications:open                    notice of owner                       POST . > . . . . . . .
notifications:open                    notice of other                       GET  . . > . . . . . .
notifications:open                    notice of other                       POST . . > . . . . . .
jobs:job                              changed of A, 'otro                   GET  . . . + + . . + +
jobs:job                              coming of A, 'otro                    GET  . . . + + . . + +
jobs:job                              dropped of A, 'otro                   GET  . . . + + . . + +
jobs:job                              expired of A, 'otro                   GET  + + + + + + + + +
jobs:job                              closed of C, 'otro                    GET  . . . . . . + + +
jobs:apply                            changed of A                          GET  . . . . . . . . .
jobs:apply                            changed of A                          POST . . . . . . . . .
jobs:apply                            coming of A                           GET  . . . . . . . . .
jobs:apply                            coming of A                           POST . . . . . . . . .
jobs:apply                            expired of A                          GET  . > > . . . . . .
jobs:apply                            expired of A                          POST . > > . . . . . .
matching:why                          expired of A                          GET  . . . . . . . . .
matching:why                          changed of A                          GET  . . . . . . . . .
matching:why                          coming of A                           GET  . . . . . . . . .
matching:suggested                    posting of A, withdrawn               GET  . . . + + . . . .
security_txt                          -                                     GET  + + + + + + + + +
mfa_index                             -                                     GET  . + + + + + + + +
mfa_authenticate                      -                                     GET  . > > > > > > > >
mfa_authenticate                      -                                     POST . > > > > > > > >
mfa_reauthenticate                    -                                     GET  . . . . . . . + +
mfa_reauthenticate                    -                                     POST . . . . . . . + +
mfa_activate_totp                     -                                     GET  . . . . . . . . .
mfa_activate_totp                     -                                     POST . . . . . . . . .
mfa_deactivate_totp                   -                                     GET  . . . . . . . . .
mfa_deactivate_totp                   -                                     POST . . . . . . . . .
mfa_view_recovery_codes               -                                     GET  . . . . . . . . .
mfa_generate_recovery_codes           -                                     GET  . . . . . . . . .
mfa_generate_recovery_codes           -                                     POST . . . . . . . . .
mfa_download_recovery_codes           -                                     GET  . . . . . . . . .
mfa_download_recovery_codes           -                                     POST . . . . . . . . .
mfa_list_webauthn                     -                                     GET  . + + + + + + + +
mfa_add_webauthn                      -                                     GET  . . . . . . . . .
mfa_add_webauthn                      -                                     POST . . . . . . . . .
mfa_reauthenticate_webauthn           -                                     GET  . . . . . . . . .
mfa_reauthenticate_webauthn           -                                     POST . . . . . . . . .
mfa_edit_webauthn                     '1                                    GET  . . . . . . . . .
mfa_edit_webauthn                     '1                                    POST . . . . . . . . .
mfa_remove_webauthn                   '1                                    GET  . . . . . . . . .
mfa_remove_webauthn                   '1                                    POST . . . . . . . . .
openid_connect_login                  'universidad                          GET  . . . . . . . . .
openid_connect_login                  'universidad                          POST . . . . . . . . .
openid_connect_callback               'universidad                          GET  . . . . . . . . .
openid_connect_callback               'universidad                          POST . . . . . . . . .
socialaccount_login_error             -                                     GET  . . . . . . . . .
socialaccount_login_cancelled         -                                     GET  + + + + + + + + +
socialaccount_signup                  -                                     GET  . . . . . . . . .
socialaccount_signup                  -                                     POST . . . . . . . . .
privacy:privacy                       -                                     GET  . + + + + + + + +
privacy:download                      -                                     POST . . . . . . . . .
privacy:erase                         -                                     GET  . + + + + + + + +
privacy:erase                         -                                     POST . . . . . . . . .
"""

#: Lines that read differently once something was taken back; all others stay as above.
CHANGED = {
    "normal": "",
    "consent withdrawn": """
jobs:move_application                 application of owner                  GET  . . . . . . . . .
jobs:move_application                 application of owner                  POST . . . . . . . . .
jobs:application_cv                   application of owner                  GET  . . . . . . . . .
matching:candidate                    application of owner                  GET  . . . . . . . . .
matching:suggested                    posting of A, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, owner                   GET  . . . . . . . . .
matching:suggested                    posting of B, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, withdrawn               GET  . . . . . . . . .
""",
    "opted out": """
matching:suggested                    posting of A, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, owner                   GET  . . . . . . . . .
matching:suggested                    posting of B, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, withdrawn               GET  . . . . . . . . .
""",
    "company unverified": """
jobs:job                              expired of A, 'otro                   GET  . . . + + . . + +
jobs:apply                            expired of A                          GET  . . . . . . . . .
jobs:apply                            expired of A                          POST . . . . . . . . .
matching:suggested                    posting of A, withdrawn               GET  . . . . . . . . .
jobs:job                              posting of A, 'puesto                 GET  . . . + + . . + +
jobs:apply                            posting of A                          GET  . > . . . . . . .
jobs:apply                            posting of A                          POST . > . . . . . . .
jobs:company                          company A                             GET  . . . + + . . . .
jobs:move_application                 application of owner                  GET  . . . . . . . . .
jobs:move_application                 application of owner                  POST . . . . . . . . .
jobs:application_cv                   application of owner                  GET  . . . . . . . . .
matching:candidate                    application of owner                  GET  . . . . . . . . .
matching:why                          posting of A                          GET  . . . . . . . . .
matching:suggested                    posting of A, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, owner                   GET  . . . . . . . . .
""",
}

#: What a form sends, so that a check that is missing lets something happen; ``{thing}`` is the id of a row.
TEXT = {
    "title": "Otro título", "description": "Programarás servicios web en python para bibliotecas de la ciudad.",
    "kind": "first_job", "modality": "remote", "seniority": "junior", "pay_from": "10000", "pay_to": "12000",
    "pay_period": "month", "closes_on": "2026-12-20", "language": "es",
}  # fmt: skip
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
    "jobs:apply": {"message": "Me interesa", "cv": ""},
    "jobs:register_company": {"name": "Nueva", "city": "Puebla", "position": "Yo"},
    "jobs:new_job": TEXT,
    "jobs:edit_job": TEXT,
    "jobs:job_skills": {"add": "1", "name": "python", "level": "required"},
    "jobs:close_job": {"reason": "filled"},
    "jobs:move_application": {"to": "interview", "note": "Ven a vernos."},
}

#: What staff with the office's permissions may do to each model in the admin (v, a, c, d: view, add, change, delete),
#: and what a superuser may. A model that is not here fails the build.
ADMIN = {
    "auth_group": ("", "vacd"),
    "account_emailaddress": ("", "vacd"),
    "usersessions_usersession": ("", "vacd"),
    "accounts_user": ("", "vacd"),
    "accounts_auditevent": ("v", "v"),
    "privacy_consent": ("v", "v"),
    "privacy_erasurerequest": ("v", "v"),
    "mfa_authenticator": ("", "vacd"),
    "socialaccount_socialaccount": ("", "vacd"),
    "socialaccount_socialapp": ("", "vacd"),
    "socialaccount_socialtoken": ("", "vacd"),
    "skills_aliasproposal": ("vc", "vcd"),
    "skills_skill": ("v", "vacd"),
    "skills_skillalias": ("v", "vacd"),
    "skills_skillrelation": ("v", "vacd"),
    "skills_occupationgroup": ("v", "vacd"),
    "skills_occupation": ("v", "vacd"),
    "skills_occupationalias": ("v", "vacd"),
    "skills_occupationphrase": ("v", "vacd"),
    "skills_enrichmentlog": ("v", "v"),
    "students_student": ("v", "vacd"),
    "students_cv": ("vc", "vcd"),
    "students_studentskill": ("v", "vacd"),
    "students_evidence": ("v", "vcd"),
    "students_profileentry": ("v", "vacd"),
    "jobs_company": ("vc", "vacd"),
    "jobs_recruiter": ("v", "vacd"),
    "jobs_job": ("vc", "vacd"),
    "jobs_jobskill": ("v", "vacd"),
    "jobs_application": ("vc", "vcd"),
    "jobs_applicationevent": ("v", "vd"),
    "matching_match": ("v", "vd"),
    "matching_matchrun": ("v", "vd"),
    "matching_fittedmodel": ("v", "vd"),
    "matching_fittedmodelfile": ("v", "vd"),
    "matching_encodedtext": ("v", "vd"),
    "notifications_notification": ("v", "vd"),
    "notifications_outboxmail": ("v", "vcd"),
}
#: Models whose pages ask for a reason first; whoever may see them may send that form.
ASKS_FOR_A_REASON = {"students_student", "students_cv"}
#: Pages of the admin that belong to no model: open to staff and superusers, closed to everybody else.
ADMIN_PAGES = [
    "admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done",
    "admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:app_list", "admin:auth_user_password_change",
]  # fmt: skip

#: Routes that have no line because no method of theirs does anything.
WITHOUT_METHODS: list[str] = []
