"""Addresses of postings, companies and applications; names are Spanish in every language."""

from django.urls import path

from jobs.views import applications, company, posting, public

app_name = "jobs"
urlpatterns = [
    path("reclutar/", company.start, name="start"),
    path("vacantes/", public.job_list, name="job_list"),
    path("vacantes/<public_id:job>-<slug:slug>/", public.job_page, name="job"),
    path("vacantes/<public_id:job>/postular/", applications.apply_to, name="apply"),
    path("postulaciones/", applications.own_list, name="applications"),
    path("postulaciones/<public_id:application>/", applications.own, name="application"),
    path("postulaciones/<public_id:application>/retirar/", applications.withdraw, name="withdraw"),
    path("empresas/<slug:company>/", public.company_page, name="company"),
    path("empresa/", company.home, name="company_home"),
    path("empresa/alta/", company.register, name="register_company"),
    path("empresa/vacantes/nueva/", posting.new_job, name="new_job"),
    path("empresa/vacantes/<public_id:job>/texto/", posting.edit, name="edit_job"),
    path("empresa/vacantes/<public_id:job>/habilidades/", posting.skills, name="job_skills"),
    path("empresa/vacantes/<public_id:job>/revisar/", posting.review, name="review_job"),
    path("empresa/vacantes/<public_id:job>/cerrar/", posting.close, name="close_job"),
    path("empresa/candidaturas/<public_id:application>/mover/", applications.move_to, name="move_application"),
    path("empresa/candidaturas/<public_id:application>/cv/", applications.cv_file, name="application_cv"),
]
