"""The table of the API, read as the one of `rules.py`; a line for each route, object and method."""

API = """
api_schema                    -                                   GET    + + + + + + + + +
api_jobs                      -                                   GET    + + + + + + + + +
api_job                       posting of A                        GET    + + + + + + + + +
api_job                       draft of A                          GET    . . . . . . . . .
api_job                       expired of A                        GET    . . . . . . . . .
api_job                       posting of C                        GET    . . . . . . . . .
api_me                        -                                   GET    . + + + + + + . .
api_me                        -                                   PATCH  . + + + + + + . .
api_profile                   -                                   GET    . + + . . . . . .
api_matches                   -                                   GET    . + + . . . . . .
api_match                     posting of A                        GET    . + + . . . . . .
api_match                     draft of A                          GET    . . . . . . . . .
api_match                     posting of C                        GET    . . . . . . . . .
api_applications              -                                   GET    . + + + + + + . .
api_applications              -                                   POST   . + + . . . . . .
api_applications              +draft of A                         POST   . . . . . . . . .
api_saved_jobs                +draft of A                         POST   . . . . . . . . .
api_invite                    posting of A, +private              POST   . . . . . . . . .
api_invite                    posting of C, +consenting           POST   . . . . . . . . .
api_application               application of owner                GET    . + . + + . . . .
api_application               application of other                GET    . . + . . + . . .
api_application               application of blind                GET    . . . + + . . . .
api_application               application of withdrawn            GET    . . . . . . . . .
api_application               application of applicant to C       GET    . . . . . . . . .
api_move                      application of owner                POST   . . . + + . . . .
api_move                      application of withdrawn            POST   . . . . . . . . .
api_messages                  application of owner                POST   . + . + + . . . .
api_messages                  application of other                POST   . . + . . + . . .
api_messages                  application of withdrawn            POST   . . . . . . . . .
api_profile                   -                                   PATCH  . + + . . . . . .
api_entries                   -                                   GET    . + + . . . . . .
api_entries                   -                                   POST   . + + . . . . . .
api_entry                     entry of owner                      GET    . + . . . . . . .
api_entry                     entry of owner                      PATCH  . + . . . . . . .
api_entry                     entry of owner                      DELETE . + . . . . . . .
api_entry                     entry of other                      GET    . . + . . . . . .
api_entry                     entry of other                      PATCH  . . + . . . . . .
api_entry                     entry of other                      DELETE . . + . . . . . .
api_skills                    -                                   GET    . + + . . . . . .
api_skills                    -                                   POST   . + + . . . . . .
api_skill                     'python                             PATCH  . + + . . . . . .
api_skill                     'nada                               PATCH  . . . . . . . . .
api_evidence                  evidence of owner                   PATCH  . + . . . . . . .
api_evidence                  evidence of other                   PATCH  . . + . . . . . .
api_cvs                       -                                   GET    . + + . . . . . .
api_cvs                       -                                   POST   . + + . . . . . .
api_cv                        cv of owner                         GET    . + . . . . . . .
api_cv                        cv of other                         GET    . . + . . . . . .
api_saved_jobs                -                                   GET    . + + . . . . . .
api_saved_jobs                -                                   POST   . + + . . . . . .
api_saved_job                 posting of A                        DELETE . + + . . . . . .
api_saved_job                 posting of B                        DELETE . . . . . . . . .
api_saved_searches            -                                   GET    . + + . . . . . .
api_saved_searches            -                                   POST   . + + . . . . . .
api_saved_search              alert of owner                      PATCH  . + . . . . . . .
api_saved_search              alert of owner                      DELETE . + . . . . . . .
api_saved_search              alert of other                      PATCH  . . + . . . . . .
api_saved_search              alert of other                      DELETE . . + . . . . . .
api_invitations               -                                   GET    . + + . . . . . .
api_accept                    invitation of owner                 POST   . + . . . . . . .
api_accept                    invitation of other                 POST   . . + . . . . . .
api_decline                   invitation of owner                 POST   . + . . . . . . .
api_decline                   invitation of other                 POST   . . + . . . . . .
api_notifications             -                                   GET    . + + + + + + . .
api_read_notifications        -                                   POST   . + + + + + + . .
api_preferences               -                                   GET    . + + + + + + . .
api_preferences               -                                   PATCH  . + + + + + + . .
api_company                   -                                   GET    . . . + + + + . .
api_company                   -                                   PATCH  . . . + + + + . .
api_own_jobs                  -                                   GET    . . . + + + + . .
api_own_jobs                  -                                   POST   . . . + + + + . .
api_own_job                   posting of A                        GET    . . . + + . . . .
api_own_job                   posting of A                        PATCH  . . . + + . . . .
api_own_job                   draft of A                          GET    . . . + + . . . .
api_own_job                   draft of A                          PATCH  . . . + + . . . .
api_own_job                   draft of B                          GET    . . . . . + . . .
api_own_job                   draft of B                          PATCH  . . . . . + . . .
api_own_job                   draft of C                          GET    . . . . . . + . .
api_own_job                   draft of C                          PATCH  . . . . . . + . .
api_job_skills                draft of A                          POST   . . . + + . . . .
api_job_skill                 draft of A, 'python                 PATCH  . . . + + . . . .
api_job_skills                draft of B                          POST   . . . . . + . . .
api_job_skill                 draft of B, 'python                 PATCH  . . . . . + . . .
api_job_skills                draft of C                          POST   . . . . . . + . .
api_job_skill                 draft of C, 'python                 PATCH  . . . . . . + . .
api_submit_job                draft of A                          POST   . . . + + . . . .
api_submit_job                draft of B                          POST   . . . . . + . . .
api_submit_job                draft of C                          POST   . . . . . . . . .
api_close_job                 posting of A                        POST   . . . + + . . . .
api_close_job                 posting of B                        POST   . . . . . + . . .
api_close_job                 draft of C                          POST   . . . . . . + . .
api_invite                    posting of A                        GET    . . . + + . . . .
api_invite                    posting of A                        POST   . . . + + . . . .
api_invite                    posting of B                        GET    . . . . . + . . .
api_invite                    posting of B                        POST   . . . . . + . . .
api_invite                    posting of C                        GET    . . . . . . + . .
api_invite                    posting of C                        POST   . . . . . . . . .
api_candidates                posting of A                        GET    . . . + + . . . .
api_candidates                blind of A                          GET    . . . + + . . . .
api_candidates                posting of B                        GET    . . . . . + . . .
api_candidates                posting of C                        GET    . . . . . . + . .
api_suggested                 posting of A, consenting            GET    . . . + + . . . .
api_suggested                 posting of A, private               GET    . . . . . . . . .
api_suggested                 posting of B, consenting            GET    . . . . . + . . .
api_suggested                 posting of C, consenting            GET    . . . . . . . . .
api_applicant                 application of owner                GET    . . . + + . . . .
api_applicant                 application of other                GET    . . . . . + . . .
api_applicant                 application of blind                GET    . . . + + . . . .
api_applicant                 application of withdrawn            GET    . . . . . . . . .
api_applicant                 application of applicant to C       GET    . . . . . . . . .
api_messages                  application of owner                GET    . + . + + . . . .
api_messages                  application of other                GET    . . + . . + . . .
api_messages                  application of withdrawn            GET    . . . . . . . . .
api_messages                  application of blind                GET    . . . + + . . . .
api_messages                  application of blind                POST   . . . + + . . . .
api_company                   -                                   POST   . . . + + + + . .
api_documents                 -                                   GET    . . . + + + + . .
api_documents                 -                                   POST   . . . + + + + . .
api_document                  document of C                       DELETE . . . . . . + . .
api_document                  document of A                       DELETE . . . . . . . . .
api_answer_office             -                                   POST   . . . . . . . . .
api_extend_job                posting of A                        POST   . . . + + . . . .
api_extend_job                posting of B                        POST   . . . . . + . . .
api_extend_job                posting of C                        POST   . . . . . . . . .
api_blind_job                 posting of A                        POST   . . . + + . . . .
api_blind_job                 posting of B                        POST   . . . . . + . . .
api_blind_job                 posting of C                        POST   . . . . . . + . .
api_moves                     posting of A                        POST   . . . + + . . . .
api_moves                     posting of B                        POST   . . . . . + . . .
api_moves                     posting of C                        POST   . . . . . . + . .
api_reveal                    application of owner                POST   . . . + + . . . .
api_reveal                    application of other                POST   . . . . . + . . .
api_reveal                    application of blind                POST   . . . + + . . . .
api_reveal                    application of withdrawn            POST   . . . . . . . . .
api_reveal                    application of applicant to C       POST   . . . . . . . . .
api_shared_cv                 application of owner                GET    . . . + + . . . .
api_shared_cv                 application of other                GET    . . . . . + . . .
api_shared_cv                 application of blind                GET    . . . . . . . . .
api_shared_cv                 application of withdrawn            GET    . . . . . . . . .
api_shared_cv                 application of applicant to C       GET    . . . . . . . . .
api_interview                 application of owner                GET    . + . + + . . . .
api_interview                 application of owner                POST   . . . + + . . . .
api_interview                 application of owner                DELETE . . . + + . . . .
api_interview                 application of other                GET    . . . . . . . . .
api_interview                 application of other                POST   . . . . . + . . .
api_interview                 application of other                DELETE . . . . . . . . .
api_interview                 application of withdrawn            GET    . . . . . . . . .
api_interview                 application of withdrawn            POST   . . . . . . . . .
api_interview                 application of withdrawn            DELETE . . . . . . . . .
api_interview                 application of applicant to C       GET    . . . . . . . . .
api_interview                 application of applicant to C       POST   . . . . . . . . .
api_interview                 application of applicant to C       DELETE . . . . . . . . .
api_pick                      application of owner                POST   . + . . . . . . .
api_pick                      application of other                POST   . . . . . . . . .
api_interview_file            application of owner                GET    . + . + + . . . .
api_interview_file            application of other                GET    . . . . . . . . .
api_grants                    -                                   GET    . + + . . . . . .
api_grant                     company A                           DELETE . + . . . . . . .
api_grant                     company B                           DELETE . . + . . . . . .
api_cv_file                   cv of owner                         GET    . + . . . . . . .
api_cv_file                   cv of other                         GET    . . + . . . . . .
api_student_imports           -                                   GET    . . . . . . . + +
api_student_imports           -                                   POST   . . . . . . . + +
api_student_import            cohort                              GET    . . . . . . . + +
api_student_import            cohort                              POST   . . . . . . . + +
api_student_import_errors     cohort                              GET    . . . . . . . + +
api_office_companies          -                                   GET    . . . . . . . + +
api_office_jobs               -                                   GET    . . . . . . . + +
api_office_jobs               -                                   POST   . . . . . . . . +
api_office_matches            -                                   GET    . . . . . . . + +
"""
API_CHANGED = {
    "normal": "",
    "consent withdrawn": """
api_reveal                    application of owner                POST   . . . . . . . . .
api_shared_cv                 application of owner                GET    . . . . . . . . .
api_interview                 application of owner                GET    . + . . . . . . .
api_interview                 application of owner                POST   . . . . . . . . .
api_interview                 application of owner                DELETE . . . . . . . . .
api_interview_file            application of owner                GET    . + . . . . . . .
api_application               application of owner                GET    . + . . . . . . .
api_move                      application of owner                POST   . . . . . . . . .
api_messages                  application of owner                POST   . . . . . . . . .
api_messages                  application of owner                GET    . + . . . . . . .
api_applicant                 application of owner                GET    . . . . . . . . .
api_suggested                 posting of A, consenting            GET    . . . . . . . . .
api_suggested                 posting of B, consenting            GET    . . . . . . . . .
api_invite                    posting of A                        POST   . . . . . . . . .
api_invite                    posting of B                        POST   . . . . . . . . .
""",
    "one company shut out": """
api_reveal                    application of owner                POST   . . . . . . . . .
api_shared_cv                 application of owner                GET    . . . . . . . . .
api_interview                 application of owner                GET    . + . . . . . . .
api_interview                 application of owner                POST   . . . . . . . . .
api_interview                 application of owner                DELETE . . . . . . . . .
api_interview_file            application of owner                GET    . + . . . . . . .
api_application               application of owner                GET    . + . . . . . . .
api_move                      application of owner                POST   . . . . . . . . .
api_messages                  application of owner                POST   . + . . . . . . .
api_messages                  application of owner                GET    . + . . . . . . .
api_applicant                 application of owner                GET    . . . . . . . . .
""",
    "restricted": """
api_reveal                    application of owner                POST   . . . . . . . . .
api_shared_cv                 application of owner                GET    . . . . . . . . .
api_interview                 application of owner                GET    . + . . . . . . .
api_interview                 application of owner                POST   . . . . . . . . .
api_interview                 application of owner                DELETE . . . . . . . . .
api_interview_file            application of owner                GET    . + . . . . . . .
api_matches                   -                                   GET    . . + . . . . . .
api_match                     posting of A                        GET    . . + . . . . . .
api_applications              -                                   POST   . . + . . . . . .
api_application               application of owner                GET    . + . . . . . . .
api_move                      application of owner                POST   . . . . . . . . .
api_messages                  application of owner                POST   . + . . . . . . .
api_messages                  application of owner                GET    . + . . . . . . .
api_applicant                 application of owner                GET    . . . . . . . . .
api_accept                    invitation of owner                 POST   . . . . . . . . .
api_decline                   invitation of owner                 POST   . . . . . . . . .
""",
    "opted out": """
api_suggested                 posting of A, consenting            GET    . . . . . . . . .
api_suggested                 posting of B, consenting            GET    . . . . . . . . .
api_invite                    posting of A                        POST   . . . . . . . . .
api_invite                    posting of B                        POST   . . . . . . . . .
""",
    "company unverified": """
api_reveal                    application of owner                POST   . . . . . . . . .
api_shared_cv                 application of owner                GET    . . . . . . . . .
api_interview                 application of owner                GET    . + . . . . . . .
api_interview                 application of owner                POST   . . . . . . . . .
api_interview                 application of owner                DELETE . . . . . . . . .
api_interview_file            application of owner                GET    . + . . . . . . .
api_reveal                    application of blind                POST   . . . . . . . . .
api_document                  document of A                       DELETE . . . + + . . . .
api_extend_job                posting of A                        POST   . . . . . . . . .
api_job                       posting of A                        GET    . . . . . . . . .
api_match                     posting of A                        GET    . . . . . . . . .
api_application               application of owner                GET    . + . . . . . . .
api_application               application of blind                GET    . . . . . . . . .
api_move                      application of owner                POST   . . . . . . . . .
api_messages                  application of owner                POST   . + . . . . . . .
api_messages                  application of owner                GET    . + . . . . . . .
api_messages                  application of blind                GET    . . . . . . . . .
api_messages                  application of blind                POST   . . . . . . . . .
api_applicant                 application of owner                GET    . . . . . . . . .
api_applicant                 application of blind                GET    . . . . . . . . .
api_suggested                 posting of A, consenting            GET    . . . . . . . . .
api_invite                    posting of A                        POST   . . . . . . . . .
api_submit_job                draft of A                          POST   . . . . . . . . .
api_accept                    invitation of other                 POST   . . . . . . . . .
api_decline                   invitation of other                 POST   . . . . . . . . .
""",
}
