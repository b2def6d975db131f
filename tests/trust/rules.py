"""Who may do what: one line for each route, object and method. A route that is not here fails the build.

``+`` served, ``>`` sent on to another page of the site, ``.`` refused: sign-in for visitors, 403, or 404 where
existence is a secret. A method that has no line is answered 405. What a page may say, and what a request may change,
is judged by the marks and holdings of `world.py`, for every line alike. Staff work in the admin, so the pages of
students and recruiters are closed to them.
"""

from __future__ import annotations

from collections.abc import Callable

from conftest import NOW
from jobs.models import SavedJob
from matching.models import Match
from moirai.accounts.models import User
from notifications.models import Notification
from tests.trust.rules_api import API as API
from tests.trust.rules_api import API_CHANGED as API_CHANGED
from tests.trust.world import World, applications_to, candidates_of, matches_of

# Columns: anonymous, owner, other student, recruiter, colleague, other recruiter, unverified, staff, superuser.
# route                               whose                                 how  a o s r c R u S $
TABLE = """
healthz                               -                                     GET  + + + + + + + + +
readyz                                -                                     GET  + + + + + + + + +
metrics                               -                                     GET  . . . . . . . . .
home                                  -                                     GET  + + + + + + + + +
styleguide                            -                                     GET  . . . . . . . . .
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
jobs:calendar                         -                                     GET  . + + + + + + . .
jobs:calendar                         -                                     POST . > > > > > > . .
calendar_feed                         'nada                                 GET  . . . . . . . . .
calendar_feed                         feed of unverified                    GET  + + + + + + + + +
api_reference                         -                                     GET  + + + + + + + + +
api_tokens                            -                                     GET  . . . . . . . . .
api_tokens                            -                                     POST . . . . . . . . .
api_revoke                            token of owner                        POST . > > > > > > > >
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
students:cohorts                    -                                     GET  . . . . . . . + +
students:cohorts                    -                                     POST . . . . . . . + +
students:cohort                     cohort                                GET  . . . . . . . + +
students:cohort                     cohort                                POST . . . . . . . > >
students:cohort_errors              cohort                                GET  . . . . . . . + +
students:surveys                      -                                     GET  . . . . . . . + +
students:surveys                      -                                     POST . . . . . . . + +
students:survey                       survey                                GET  . . . . . . . + +
students:survey_file                  survey                                GET  . . . . . . . . .
students:my_survey                    -                                     GET  . > . . . . . . .
students:outcome                      'nada                                 GET  . . . . . . . . .
students:outcome                      'nada                                 POST . . . . . . . . .
students:outcome                      survey link of owner                  GET  + + + + + + + + +
students:outcome                      survey link of owner                  POST + + + + + + + + +
office:reports                        -                                     GET  . . . . . . . + +
office:report                         'demanda                              GET  . . . . . . . + +
office:report                         'respuesta                            GET  . . . . . . . + +
office:report                         'colocaciones                         GET  . . . . . . . + +
office:report                         'equidad                              GET  . . . . . . . + +
office:report                         'plan-de-estudios                     GET  . . . . . . . + +
office:report                         'nada                                 GET  . . . . . . . . .
office:report_file                    'demanda                              GET  . . . . . . . + +
office:report_file                    'nada                                 GET  . . . . . . . . .
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
jobs:save_job                         posting of A                          GET  . > > . . . . . .
jobs:save_job                         posting of A                          POST . > > . . . . . .
jobs:save_job                         expired of A                          GET  . > > . . . . . .
jobs:save_job                         expired of A                          POST . > > . . . . . .
jobs:save_job                         draft of A                            GET  . . . . . . . . .
jobs:save_job                         draft of A                            POST . . . . . . . . .
jobs:save_job                         posting of C                          GET  . . . . . . . . .
jobs:save_job                         posting of C                          POST . . . . . . . . .
jobs:saved                            -                                     GET  . + + . . . . . .
jobs:alerts                           -                                     GET  . + + . . . . . .
jobs:new_alert                        -                                     GET  . + + . . . . . .
jobs:new_alert                        -                                     POST . > > . . . . . .
jobs:change_alert                     alert of owner                        POST . > . . . . . . .
jobs:change_alert                     alert of other                        POST . . > . . . . . .
jobs:delete_alert                     alert of owner                        POST . > > . . . . . .
jobs:delete_alert                     alert of other                        POST . > > . . . . . .
jobs:unsubscribe                      'nada                                 GET  . . . . . . . . .
jobs:unsubscribe                      'nada                                 POST . . . . . . . . .
jobs:unsubscribe                      alert link of private                 GET  + + + + + + + + +
jobs:unsubscribe                      alert link of private                 POST + + + + + + + + +
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
jobs:import_jobs                      -                                     GET  . . . + + + + . .
jobs:import_jobs                      -                                     POST . . . + + + + . .
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
jobs:receipt                          application of owner                  GET  . + . . . . . . .
jobs:receipt                          application of other                  GET  . . + . . . . . .
jobs:write                            application of owner                  GET  . + . + + . . . .
jobs:write                            application of owner                  POST . > . > > . . . .
jobs:write                            application of other                  GET  . . + . . + . . .
jobs:write                            application of other                  POST . . > . . > . . .
jobs:write                            application of withdrawn              GET  . . . . . . . . .
jobs:write                            application of withdrawn              POST . . . . . . . . .
jobs:write                            application of applicant to C         GET  . . . . . . . . .
jobs:write                            application of applicant to C         POST . . . . . . . . .
jobs:pick_interview                   application of owner                  POST . > . . . . . . .
jobs:pick_interview                   application of other                  POST . . > . . . . . .
jobs:interview_file                   application of owner                  GET  . + . + + . . . .
jobs:interview_file                   application of other                  GET  . . . . . . . . .
jobs:invitations                      -                                     GET  . + + . . . . . .
jobs:invitation                       invitation of owner                   GET  . + . . . . . . .
jobs:invitation                       invitation of owner                   POST . > . . . . . . .
jobs:invitation                       invitation of other                   GET  . . + . . . . . .
jobs:invitation                       invitation of other                   POST . . > . . . . . .
jobs:interview                        application of owner                  GET  . . . + + . . . .
jobs:interview                        application of owner                  POST . . . > > . . . .
jobs:interview                        application of other                  GET  . . . . . + . . .
jobs:interview                        application of other                  POST . . . . . > . . .
jobs:interview                        application of withdrawn              GET  . . . . . . . . .
jobs:interview                        application of withdrawn              POST . . . . . . . . .
jobs:interview                        application of applicant to C         GET  . . . . . . . . .
jobs:interview                        application of applicant to C         POST . . . . . . . . .
jobs:reveal                           application of owner                  GET  . . . > > . . . .
jobs:reveal                           application of owner                  POST . . . > > . . . .
jobs:reveal                           application of other                  GET  . . . . . > . . .
jobs:reveal                           application of other                  POST . . . . . > . . .
jobs:reveal                           application of withdrawn              GET  . . . . . . . . .
jobs:reveal                           application of withdrawn              POST . . . . . . . . .
jobs:reveal                           application of applicant to C         GET  . . . . . . . . .
jobs:reveal                           application of applicant to C         POST . . . . . . . . .
jobs:reveal                           application of blind                  GET  . . . + + . . . .
jobs:reveal                           application of blind                  POST . . . > > . . . .
jobs:application_cv                   application of blind                  GET  . . . . . . . . .
matching:candidate                    application of blind                  GET  . . . + + . . . .
matching:candidates                   blind of A                            GET  . . . + + . . . .
matching:board                        blind of A                            GET  . . . + + . . . .
matching:board                        blind of A                            POST . . . > > . . . .
jobs:invite                           posting of A, consenting              GET  . . . + + . . . .
jobs:invite                           posting of A, consenting              POST . . . > > . . . .
jobs:invite                           posting of A, private                 GET  . . . . . . . . .
jobs:invite                           posting of A, private                 POST . . . . . . . . .
jobs:invite                           posting of B, consenting              GET  . . . . . + . . .
jobs:invite                           posting of B, consenting              POST . . . . . > . . .
jobs:invite                           posting of C, consenting              GET  . . . . . . . . .
jobs:invite                           posting of C, consenting              POST . . . . . . . . .
jobs:invite                           posting of A, owner                   GET  . . . > > . . . .
jobs:invite                           posting of A, owner                   POST . . . > > . . . .
jobs:invite                           posting of A, withdrawn               GET  . . . + + . . . .
jobs:invite                           posting of A, withdrawn               POST . . . > > . . . .
jobs:invite                           posting of B, owner                   GET  . . . . . + . . .
jobs:invite                           posting of B, owner                   POST . . . . . > . . .
jobs:applicants_file                 posting of A                          POST . . . + + . . . .
jobs:applicants_file                 posting of B                          POST . . . . . + . . .
jobs:applicants_file                 posting of C                          POST . . . . . . . . .
jobs:applicants_file                 blind of A                            POST . . . + + . . . .
jobs:set_blind                        posting of A                          POST . . . > > . . . .
jobs:set_blind                        posting of B                          POST . . . . . > . . .
jobs:set_blind                        posting of C                          POST . . . . . . > . .
jobs:confirm_job                      posting of A                          GET  . . . + + . . . .
jobs:confirm_job                      posting of A                          POST . . . > > . . . .
jobs:confirm_job                      posting of B                          GET  . . . . . + . . .
jobs:confirm_job                      posting of B                          POST . . . . . > . . .
jobs:confirm_job                      posting of C                          GET  . . . . . . > . .
jobs:confirm_job                      posting of C                          POST . . . . . . > . .
matching:board                        posting of A                          GET  . . . + + . . . .
matching:board                        posting of A                          POST . . . > > . . . .
matching:board                        posting of B                          GET  . . . . . + . . .
matching:board                        posting of B                          POST . . . . . > . . .
matching:board                        posting of C                          GET  . . . . . . + . .
matching:board                        posting of C                          POST . . . . . . > . .
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
matching:suggested                    posting of B, owner                   GET  . . . . . + . . .
matching:suggested                    posting of C, consenting              GET  . . . . . . . . .
notifications:list                    -                                     GET  . + + + + + + + +
notifications:read_all                -                                     POST . > > > > > > > >
notifications:integrations            -                                     GET  . . . + . + + . .
notifications:integrations            -                                     POST . . . + . + + . .
notifications:change_webhook          webhook of A                          POST . . . > . . . . .
notifications:replay                  delivery of A                         POST . . . > . . . . .
notifications:preferences             -                                     GET  . + + + + + + + +
notifications:preferences             -                                     POST . + + + + + + + +
notifications:mail_again              -                                     POST . > > > > > > > >
notifications:unsubscribe             'nada                                 GET  . . . . . . . . .
notifications:unsubscribe             'nada                                 POST . . . . . . . . .
notifications:unsubscribe             mail link of private                  GET  + + + + + + + + +
notifications:unsubscribe             mail link of private                  POST + + + + + + + + +
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
back_channel_logout                   'universidad                          POST . . . . . . . . .
socialaccount_login_error             -                                     GET  . . . . . . . . .
socialaccount_login_cancelled         -                                     GET  + + + + + + + + +
socialaccount_signup                  -                                     GET  . . . . . . . . .
socialaccount_signup                  -                                     POST . . . . . . . . .
privacy:privacy                       -                                     GET  . + + + + + + + +
privacy:download                      -                                     POST . . . . . . . . .
privacy:ask                           'corregir                             GET  . + + + + + + + +
privacy:ask                           'corregir                             POST . > > > > > > > >
privacy:ask                           'oposicion                            GET  . + + + + + + + +
privacy:ask                           'oposicion                            POST . > > > > > > > >
privacy:ask                           'nada                                 GET  . . . . . . . . .
privacy:ask                           'nada                                 POST . . . . . . . . .
privacy:restrict                      -                                     GET  . + + . . . . . .
privacy:restrict                      -                                     POST . > > . . . . . .
privacy:lift                          -                                     POST . > > . . . . . .
jobs:companies_that_see               -                                     GET  . + + . . . . . .
jobs:close_to_company                 company A                             GET  . + . . . . . . .
jobs:close_to_company                 company A                             POST . > . . . . . . .
jobs:close_to_company                 company B                             GET  . . + . . . . . .
jobs:close_to_company                 company B                             POST . . > . . . . . .
privacy:erase                         -                                     GET  . + + + + + + + +
privacy:erase                         -                                     POST . . . . . . . . .
sitemap                               -                                     GET  + + + + + + + + +
sitemap_section                       'postings                             GET  + + + + + + + + +
robots                                -                                     GET  + + + + + + + + +
jobs:feed                             -                                     GET  + + + + + + + + +
jobs:report_job                       posting of A                          GET  . + + + + + + + +
jobs:report_job                       posting of A                          POST . > > > > > > > >
jobs:report_job                       draft of A                            GET  . . . . . . . . .
jobs:report_job                       draft of A                            POST . . . . . . . . .
jobs:report_job                       posting of C                          GET  . . . . . . . . .
jobs:report_job                       posting of C                          POST . . . . . . . . .
jobs:edit_company                     -                                     GET  . . . + + + + . .
jobs:edit_company                     -                                     POST . . . > > > > . .
jobs:verification                     -                                     GET  . . . + + + + . .
jobs:verification                     -                                     POST . . . > > > > . .
jobs:remove_document                  document of C                         POST . . . . . . > . .
jobs:remove_document                  document of A                         POST . . . . . . . . .
jobs:team                             -                                     GET  . . . + + + + . .
jobs:team                             -                                     POST . . . > . > > . .
jobs:join_team                        'nada                                 GET  . . . . . . . . .
jobs:join_team                        'nada                                 POST . . . . . . . . .
jobs:join_team                        team link of A                        GET  . . . . . . . . .
jobs:join_team                        team link of A                        POST . . . . . . . . .
jobs:cancel_team_invitation           team invitation of A                  POST . . . > . . . . .
jobs:remove_member                    member colleague                      GET  . . . + . . . . .
jobs:remove_member                    member colleague                      POST . . . > . . . . .
jobs:remove_member                    member recruiter                      GET  . . . . . . . . .
jobs:remove_member                    member recruiter                      POST . . . . . . . . .
jobs:hand_over                        member colleague                      GET  . . . + . . . . .
jobs:hand_over                        member colleague                      POST . . . > . . . . .
jobs:hand_over                        member recruiter                      GET  . . . . . . . . .
jobs:hand_over                        member recruiter                      POST . . . . . . . . .
jobs:desk                             -                                     GET  . . . . . . . + +
jobs:desk_job                         changed of A                          GET  . . . . . . . + +
jobs:desk_job                         changed of A                          POST . . . . . . . > >
jobs:desk_job                         draft of C                            GET  . . . . . . . + +
jobs:desk_reports                     posting of B                          GET  . . . . . . . + +
jobs:desk_reports                     posting of B                          POST . . . . . . . > >
jobs:desk_company                     company A                             GET  . . . . . . . + +
jobs:desk_company                     company A                             POST . . . . . . . > >
jobs:desk_company                     company C                             GET  . . . . . . . + +
jobs:company_document                 document of C                         GET  . . . . . . . + +
"""

#: What is over when a company may not see a person any more.
CUT_OFF = """
jobs:write                            application of owner                  GET  . + . . . . . . .
jobs:write                            application of owner                  POST . > . . . . . . .
jobs:interview_file                   application of owner                  GET  . + . . . . . . .
jobs:interview                        application of owner                  GET  . . . . . . . . .
jobs:interview                        application of owner                  POST . . . . . . . . .
jobs:reveal                           application of owner                  GET  . . . . . . . . .
jobs:reveal                           application of owner                  POST . . . . . . . . .
jobs:move_application                 application of owner                  GET  . . . . . . . . .
jobs:move_application                 application of owner                  POST . . . . . . . . .
jobs:application_cv                   application of owner                  GET  . . . . . . . . .
matching:candidate                    application of owner                  GET  . . . . . . . . .
matching:suggested                    posting of A, owner                   GET  . . . . . . . . .
jobs:invite                           posting of A, owner                   GET  . . . . . . . . .
jobs:invite                           posting of A, owner                   POST . . . . . . . . .
"""

#: Lines that read differently once something was taken back; all others stay as above.
CHANGED = {
    "normal": "",
    "consent withdrawn": CUT_OFF
    + """
jobs:invite                           posting of A, withdrawn               GET  . . . . . . . . .
jobs:invite                           posting of A, withdrawn               POST . . . . . . . . .
jobs:invite                           posting of B, owner                   GET  . . . . . . . . .
jobs:invite                           posting of B, owner                   POST . . . . . . . . .
jobs:invite                           posting of A, consenting              GET  . . . . . . . . .
jobs:invite                           posting of A, consenting              POST . . . . . . . . .
jobs:invite                           posting of B, consenting              GET  . . . . . . . . .
jobs:invite                           posting of B, consenting              POST . . . . . . . . .
matching:suggested                    posting of B, owner                   GET  . . . . . . . . .
matching:suggested                    posting of A, consenting              GET  . . . . . . . . .
matching:suggested                    posting of B, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, withdrawn               GET  . . . . . . . . .
""",
    "one company shut out": CUT_OFF,
    "restricted": CUT_OFF
    + """
jobs:invite                           posting of B, owner                   GET  . . . . . . . . .
jobs:invite                           posting of B, owner                   POST . . . . . . . . .
matching:suggested                    posting of B, owner                   GET  . . . . . . . . .
matching:for_you                      -                                     GET  . > + . . . . . .
matching:why                          posting of A                          GET  . > + . . . . . .
matching:why                          draft of A                            GET  . > . . . . . . .
matching:why                          posting of C                          GET  . > . . . . . . .
matching:why                          expired of A                          GET  . > . . . . . . .
matching:why                          changed of A                          GET  . > . . . . . . .
matching:why                          coming of A                           GET  . > . . . . . . .
jobs:apply                            posting of B                          GET  . > > . . . . . .
jobs:apply                            posting of B                          POST . > > . . . . . .
jobs:apply                            draft of A                            GET  . > . . . . . . .
jobs:apply                            draft of A                            POST . > . . . . . . .
jobs:apply                            posting of C                          GET  . > . . . . . . .
jobs:apply                            posting of C                          POST . > . . . . . . .
jobs:apply                            changed of A                          GET  . > . . . . . . .
jobs:apply                            changed of A                          POST . > . . . . . . .
jobs:apply                            coming of A                           GET  . > . . . . . . .
jobs:apply                            coming of A                           POST . > . . . . . . .
jobs:invitation                       invitation of owner                   GET  . > . . . . . . .
jobs:invitation                       invitation of owner                   POST . > . . . . . . .
jobs:invitation                       invitation of other                   GET  . > + . . . . . .
jobs:invitation                       invitation of other                   POST . > > . . . . . .
""",
    "opted out": """
jobs:invite                           posting of A, owner                   GET  . . . . . . . . .
jobs:invite                           posting of A, owner                   POST . . . . . . . . .
jobs:invite                           posting of A, withdrawn               GET  . . . . . . . . .
jobs:invite                           posting of A, withdrawn               POST . . . . . . . . .
jobs:invite                           posting of B, owner                   GET  . . . . . . . . .
jobs:invite                           posting of B, owner                   POST . . . . . . . . .
jobs:invite                           posting of A, consenting              GET  . . . . . . . . .
jobs:invite                           posting of A, consenting              POST . . . . . . . . .
jobs:invite                           posting of B, consenting              GET  . . . . . . . . .
jobs:invite                           posting of B, consenting              POST . . . . . . . . .
matching:suggested                    posting of B, owner                   GET  . . . . . . . . .
matching:suggested                    posting of A, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, owner                   GET  . . . . . . . . .
matching:suggested                    posting of B, consenting              GET  . . . . . . . . .
matching:suggested                    posting of A, withdrawn               GET  . . . . . . . . .
""",
    "company unverified": """
jobs:invite                           posting of A, owner                   GET  . . . . . . . . .
jobs:invite                           posting of A, owner                   POST . . . . . . . . .
jobs:invite                           posting of A, withdrawn               GET  . . . . . . . . .
jobs:invite                           posting of A, withdrawn               POST . . . . . . . . .
jobs:applicants_file                 posting of A                          POST . . . . . . . . .
jobs:applicants_file                 blind of A                            POST . . . . . . . . .
jobs:report_job                       posting of A                          GET  . . . . . . . . .
jobs:report_job                       posting of A                          POST . . . . . . . . .
jobs:remove_document                  document of A                         POST . . . > > . . . .
jobs:desk_company                     company A                             POST . . . . . . . + +
jobs:write                            application of owner                  GET  . + . . . . . . .
jobs:write                            application of owner                  POST . > . . . . . . .
jobs:interview_file                   application of owner                  GET  . + . . . . . . .
jobs:interview                        application of owner                  GET  . . . . . . . . .
jobs:interview                        application of owner                  POST . . . . . . . . .
jobs:reveal                           application of owner                  GET  . . . . . . . . .
jobs:reveal                           application of owner                  POST . . . . . . . . .
jobs:invite                           posting of A, consenting              GET  . . . . . . . . .
jobs:invite                           posting of A, consenting              POST . . . . . . . . .
jobs:reveal                           application of blind                  GET  . . . . . . . . .
jobs:reveal                           application of blind                  POST . . . . . . . . .
matching:candidate                    application of blind                  GET  . . . . . . . . .
jobs:confirm_job                      posting of A                          GET  . . . > > . . . .
jobs:confirm_job                      posting of A                          POST . . . > > . . . .
jobs:invitation                       invitation of other                   GET  . . . . . . . . .
jobs:invitation                       invitation of other                   POST . . . . . . . . .
jobs:save_job                         expired of A                          GET  . . . . . . . . .
jobs:save_job                         expired of A                          POST . . . . . . . . .
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
    "deactivated": """
calendar_feed                         feed of unverified                    GET  . . . . . . . . .
""",
}

#: Routes that answer visitors themselves, with 404 or 403 for the targets above; all others send them to sign in.
ANSWERS_VISITORS = {
    "calendar_feed", "styleguide", "students:outcome",
    "jobs:unsubscribe", "notifications:unsubscribe", "mfa_authenticate", "openid_connect_login",
    "openid_connect_callback", "socialaccount_signup", "back_channel_logout", "metrics",
}  # fmt: skip

#: Numbers of a page that may not count more than these rows: a sum over others' rows is a leak too.
AT_MOST: dict[tuple[str, str, str], dict[str, Callable[[World], int]]] = {
    ("jobs:company_home", "-", "recruiter"): {"unanswered": lambda world: applications_to(world, "A").count()},
    ("matching:for_you", "-", "owner"): {"bands": lambda world: matches_of(world, "owner").count()},
    ("matching:candidates", "posting of A", "recruiter"): {
        "page": lambda world: candidates_of(world, "A"),
        "found.candidates": lambda world: candidates_of(world, "A"),
    },
}

#: The same for lists of the API, by route.
AT_MOST_LISTED: dict[str, Callable[[User], int]] = {
    "api_matches": lambda user: Match.objects.filter(student__user=user).of_open_jobs(at=NOW).count(),
    "api_notifications": lambda user: Notification.objects.filter(user=user).count(),
    "api_saved_jobs": lambda user: SavedJob.objects.filter(student__user=user).count(),
}

#: What a form sends, so that a check that is missing lets something happen; ``{thing}`` is the id of a row.
TEXT = {
    "title": "Otro título", "description": "Programarás servicios web en python para bibliotecas de la ciudad.",
    "kind": "first_job", "modality": "remote", "seniority": "junior", "pay_from": "10000", "pay_to": "12000",
    "pay_period": "month", "closes_on": "2026-12-20", "language": "es",
}  # fmt: skip
PAYLOADS: dict[str, dict[str, str]] = {
    "privacy:ask": {"text": "Mi carrera es otra."},
    "account": {"full_name": "Otro Nombre", "language": "en"},
    "jobs:calendar": {"remove": "1"},
    "set_theme": {"theme": "dark", "next": "/"},
    "students:save_settings": {"visibility": "companies"},
    "students:edit_profile": {"degree_program": "Otra carrera", "experience_years": "3"},
    "students:review_skills": {"skill-{skill of owner}": "remove", "skill-{skill of other}": "remove"},
    "students:cohort": {"step": "check", "student_number": "0"},
    "students:add_skill": {"name": "python", "statement": "Usé python en un proyecto."},
    "students:contest_evidence": {"next": "/perfil/"},
    "students:add_entry": {"title": "Otra entrada"},
    "students:edit_entry": {"title": "Otra entrada"},
    "jobs:save_job": {"saved": "1"},
    "jobs:new_alert": {"frequency": "daily"},
    "jobs:change_alert": {"frequency": "weekly"},
    "jobs:apply": {"message": "Me interesa", "cv": ""},
    "jobs:register_company": {"name": "Nueva", "city": "Puebla", "position": "Yo"},
    "jobs:report_job": {"reason": "fake", "note": "No existe."},
    "jobs:edit_company": {"name": "Otro nombre", "city": "Puebla"},
    "jobs:verification": {"comment": "Va el papel."},
    "jobs:team": {"email": "colega@empresa.example"},
    "jobs:desk_job": {"step": "published", "seen": "{revision of changed of A}"},
    "jobs:desk_reports": {"step": "dismissed", "comment": "Nada.", "seen": "published"},
    "jobs:desk_company": {"step": "trusted", "seen": "{revision of company A}"},
    "jobs:new_job": TEXT,
    "jobs:edit_job": TEXT,
    "jobs:job_skills": {"add": "1", "name": "python", "level": "required"},
    "jobs:close_job": {"reason": "filled"},
    "jobs:write": {"body": "Hola"},
    "jobs:pick_interview": {"slot": "2026-11-05T12:00:00+00:00"},
    "jobs:invitation": {"decline": "1"},
    "jobs:invite": {"note": "Nos gusta tu proyecto."},
    "jobs:interview": {"slot1": "2026-11-06T10:00", "minutes": "30", "place": "Aquí"},
    "jobs:set_blind": {"blind": "1"},
    "jobs:confirm_job": {"shown": "2026-12-02T12:00:00+00:00"},
    "matching:board": {"to": "in_review"},
    "jobs:move_application": {"to": "interview", "note": "Ven a vernos."},
}

#: What staff with the office's permissions may do to each model in the admin (v, a, c, d: view, add, change, delete),
#: and what a superuser may. A model that is not here fails the build.
ADMIN = {
    "api_token": ("", "vd"),
    "api_answer": ("", "v"),
    "auth_group": ("", "vacd"),
    "account_emailaddress": ("", "vacd"),
    "usersessions_usersession": ("", "vacd"),
    "accounts_user": ("", "vacd"),
    "accounts_auditevent": ("v", "v"),
    "privacy_consent": ("v", "v"),
    "privacy_privacyrequest": ("v", "v"),
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
    "students_cohort": ("v", "v"),
    "students_cohortrow": ("v", "v"),
    "students_cv": ("vc", "vcd"),
    "students_studentskill": ("v", "vacd"),
    "students_evidence": ("v", "vcd"),
    "students_outcomesurvey": ("v", "v"),
    "students_outcomeanswer": ("v", "v"),
    "students_profileentry": ("v", "vacd"),
    "jobs_careerspage": ("v", "vacd"),
    "jobs_calendarfeed": ("v", "vd"),
    "jobs_company": ("vc", "vacd"),
    "jobs_recruiter": ("v", "vacd"),
    "jobs_job": ("vc", "vacd"),
    "jobs_jobskill": ("v", "vacd"),
    "jobs_companydocument": ("v", "v"),
    "jobs_teaminvitation": ("v", "v"),
    "jobs_ruling": ("v", "v"),
    "jobs_report": ("v", "v"),
    "jobs_historicaljob": ("v", "v"),
    "jobs_historicalcompany": ("v", "v"),
    "jobs_savedjob": ("v", "vd"),
    "jobs_savedsearch": ("v", "vd"),
    "jobs_sentjob": ("v", "vd"),
    "jobs_searchword": ("v", "vd"),
    "jobs_application": ("vc", "vcd"),
    "jobs_applicationevent": ("v", "vd"),
    "jobs_companygrant": ("v", "v"),
    "jobs_outcomestatistic": ("v", "v"),
    "jobs_message": ("v", "v"),
    "jobs_invitation": ("v", "v"),
    "jobs_interview": ("v", "v"),
    "matching_match": ("v", "vd"),
    "matching_matchrun": ("v", "vd"),
    "matching_fittedmodel": ("v", "vd"),
    "matching_fittedmodelfile": ("v", "vd"),
    "matching_encodedtext": ("v", "vd"),
    "notifications_notification": ("v", "vd"),
    "notifications_outboxmail": ("v", "vcd"),
    "notifications_webhook": ("v", "vd"),
    "notifications_delivery": ("v", "v"),
    "notifications_deadaddress": ("v", "v"),
    "notifications_preference": ("v", "v"),
}
#: Models whose pages ask for a reason first; whoever may see them may send that form.
ASKS_FOR_A_REASON = {"students_student", "students_cv", "notifications_outboxmail",
    "students_studentskill", "students_evidence", "students_profileentry", "jobs_application", "jobs_applicationevent",
    "jobs_message", "jobs_invitation", "jobs_interview", "jobs_savedsearch",
}  # fmt: skip
#: Sent by mail programs, which have no page of ours: a signed token counts instead (RFC 8058).
#: The university's server has none either (OpenID Connect Back-Channel Logout).
WITHOUT_CSRF_TOKEN = {"notifications:unsubscribe", "jobs:unsubscribe", "back_channel_logout"}
#: Pages of the admin that belong to no model: open to staff and superusers, closed to everybody else.
ADMIN_PAGES = [
    "admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done",
    "admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:app_list", "admin:auth_user_password_change",
]  # fmt: skip

#: Routes that have no line because no method of theirs does anything.
WITHOUT_METHODS: list[str] = []

#: The API, asked with the token of each role (with every scope of the role; staff have none); nothing moves to a page.
