"""Addresses of students' pages."""

from django.urls import path

from students.views import cohorts, evidence, onboarding, outcomes, profile

app_name = "students"
urlpatterns = [
    path("alumno/", onboarding.start, name="start"),
    path("alta/cv/", onboarding.upload_cv, name="upload_cv"),
    path("alta/leyendo/", onboarding.reading, name="reading"),
    path("alta/habilidades/", onboarding.review_skills, name="review_skills"),
    path("perfil/", profile.profile, name="profile"),
    path("perfil/datos/", profile.edit_profile, name="edit_profile"),
    path("perfil/visibilidad/", profile.save_settings, name="save_settings"),
    path("perfil/imprimir/", profile.print_profile, name="print_profile"),
    path("gestion/cohortes/", cohorts.cohorts, name="cohorts"),
    path("gestion/cohortes/<public_id:cohort>/", cohorts.cohort, name="cohort"),
    path("gestion/cohortes/<public_id:cohort>/errores.csv", cohorts.cohort_errors, name="cohort_errors"),
    path("gestion/encuestas/", outcomes.surveys, name="surveys"),
    path("gestion/encuestas/<public_id:survey>/", outcomes.survey, name="survey"),
    path("gestion/encuestas/<public_id:survey>/respuestas.csv", outcomes.survey_file, name="survey_file"),
    path("encuesta/", outcomes.my_survey, name="my_survey"),
    path("encuesta/<str:token>/", outcomes.outcome, name="outcome"),
    path("perfil/cv/", evidence.cv, name="cv"),
    path("perfil/cv/<public_id:cv>/archivo/", evidence.cv_file, name="cv_file"),
    path("perfil/habilidades/agregar/", evidence.add_skill, name="add_skill"),
    path("perfil/evidencia/<int:evidence>/no-es-correcto/", evidence.contest_evidence, name="contest_evidence"),
    path("perfil/<slug:kind>/agregar/", profile.add_entry, name="add_entry"),
    path("perfil/entrada/<int:entry>/", profile.edit_entry, name="edit_entry"),
    path("perfil/entrada/<int:entry>/borrar/", profile.delete_entry, name="delete_entry"),
]
