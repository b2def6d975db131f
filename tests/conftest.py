"""A student with a CV, and a program of theirs."""

import pytest

from moirai.accounts.tests.factories import UserFactory
from students.tests.factories import CVFactory, StudentFactory
from tests.programs import Program


@pytest.fixture
def student():
    student = StudentFactory(user=UserFactory(full_name="Ana Cruz"))
    CVFactory(student=student, text="Experiencia\nProgramé servicios web en python para una biblioteca.\n")
    return student


@pytest.fixture
def program(student):
    return Program(student.user)
