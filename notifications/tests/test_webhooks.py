"""Webhooks: what leaves, signed and only where it may go; receivers that hang, lie or fail."""

import hmac
import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise

import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs.messages import send_message
from jobs.models import Application, Company, Job, Side
from jobs.pipeline import move, record
from jobs.signals import job_changed
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from moirai.fetching import WEBHOOKS, Answer, FailedError, Fetcher, RefusedError
from notifications import webhook_sending, webhooks
from notifications.models import Delivery, Kind, Notification, Webhook
from notifications.personal import erase, expire
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
URL = "https://empresa.example/moirai"


class Receiver:
    """Stands in for the fetcher: keeps what it gets, answers as it is told."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), []

    def post(self, url, body, headers):
        self.got.append((url, json.loads(body), headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return Answer(answer, url, {}, b"")


@pytest.fixture
def recruiter():
    return RecruiterFactory()


@pytest.fixture
def webhook(recruiter):
    return webhooks.add_webhook(company=recruiter.company, url=URL, now=NOW)[0]


@pytest.fixture
def application(webhook):
    row = ApplicationFactory(job=JobFactory(company=webhook.company), message="Soy Ana")
    record(application=row, actor=None, note="", now=NOW)
    return row


def deliver(receiver, at=NOW):
    return webhook_sending.send_due(now=at, fetcher=receiver)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_what_happens_is_told_once_signed_and_without_words(application, recruiter, webhook):
    job = application.job
    send_message(application=application, side=Side.STUDENT, author=application.student.user, body="Hola", now=NOW)
    move(application=application, to="rejected", note="Ya no", actor=recruiter.user, side=Side.COMPANY, now=NOW)
    for _twice in range(2):
        job_changed.send(Job, job_id=job.pk)
    Job.objects.update(status="closed")
    job_changed.send(Job, job_id=job.pk)
    receiver = Receiver(200)
    assert deliver(receiver) == 5
    assert deliver(receiver) == 0
    events = [said["event"] for _url, said, _headers, _body in receiver.got]
    assert events == [
        "application.created", "message.created", "application.moved", "posting.published", "posting.closed",
    ]  # fmt: skip
    text = b"".join(body for *_rest, body in receiver.got).decode()
    assert not any(word in text for word in ("Hola", "Ya no", "Ana", application.student.name))
    _url, said, headers, body = receiver.got[2]
    assert said["data"] == {"application": application.public_id, "posting": job.public_id, "status": "rejected"}
    seconds, given = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["Moirai-Signature"]).groups()
    assert seconds == str(int(NOW.timestamp()))
    assert given == hmac.new(webhook.secret.encode(), f"{seconds}.".encode() + body, "sha256").hexdigest()


def test_nothing_leaves_of_what_the_company_may_not_read(webhook):
    hidden = ApplicationFactory(job=JobFactory(company=webhook.company), student=StudentFactory(restricted_since=NOW))
    record(application=hidden, actor=None, note="", now=NOW)
    withdrawn = ApplicationFactory(job=hidden.job, status="withdrawn")
    record(application=withdrawn, actor=None, note="", now=NOW)
    elsewhere = ApplicationFactory(job=JobFactory())
    record(application=elsewhere, actor=None, note="", now=NOW)
    Company.objects.filter(pk=webhook.company_id).update(status="suspended")
    late = ApplicationFactory(job=hidden.job)
    record(application=late, actor=None, note="", now=NOW)
    assert not Delivery.objects.exists()


def test_a_company_suspended_meanwhile_gets_nothing(application):
    Company.objects.update(status="suspended")
    receiver = Receiver(200)
    deliver(receiver)
    assert receiver.got == []
    assert Delivery.objects.get().status == "failed"


@pytest.mark.parametrize("failure", [500, 302, 410, FailedError("no answer"), RefusedError("not public")])
def test_a_failure_is_tried_again_with_growing_pauses_for_a_day(application, failure):
    receiver, moment, tries = Receiver(failure), NOW, []
    while Delivery.objects.get().status == "waiting":
        moment = Delivery.objects.get().next_attempt_at
        deliver(receiver, moment)
        tries.append(moment)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses)
    assert 8 <= len(tries) <= 20
    assert NOW + 20 * HOUR <= tries[-1] <= NOW + DAY
    assert len({said["id"] for _url, said, *_rest in receiver.got}) == 1


def test_success_after_failures_forgets_them(application, webhook):
    receiver = Receiver(500, 200)
    deliver(receiver)
    webhook.refresh_from_db()
    assert webhook.failing_since == NOW
    assert deliver(receiver, NOW + HOUR) == 1
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_one_that_fails_for_three_days_is_turned_off_with_a_notice_and_on_again(
    application, webhook, recruiter, client
):
    receiver = Receiver(500)
    deliver(receiver)
    deliver(receiver, NOW + 3 * DAY)
    webhook.refresh_from_db()
    assert webhook.disabled_at == NOW + 3 * DAY
    assert [row.kind for row in Notification.objects.filter(user=recruiter.user)].count(Kind.WEBHOOK_OFF) == 1
    record(application=application, actor=None, note="", now=NOW)
    assert not Delivery.objects.filter(status="waiting").exists()
    client.force_login(recruiter.user)
    client.post(reverse("notifications:change_webhook", args=[webhook.public_id]))
    client.post(reverse("notifications:replay", args=[Delivery.objects.get().public_id]))
    assert deliver(Receiver(200)) == 1


def test_one_silent_receiver_costs_one_time_out_a_run(application):
    for _more in range(3):
        record(application=application, actor=None, note="", now=NOW)
    receiver = Receiver(FailedError("slow"))
    deliver(receiver)
    assert len(receiver.got) == 1


def test_two_workers_send_one_delivery_once(application):
    pk = Delivery.objects.get().pk
    receiver = Receiver(200)
    results = [webhook_sending.send(delivery_id=pk, now=NOW, fetcher=receiver) for _worker in range(2)]
    assert results == [True, False]
    assert len(receiver.got) == 1


def test_what_a_dead_worker_held_is_sent_after_its_lease(application):
    with pytest.raises(KeyboardInterrupt):
        deliver(Receiver(KeyboardInterrupt()))
    assert deliver(Receiver(200), NOW + HOUR / 10) == 0
    assert deliver(Receiver(200), NOW + HOUR / 4) == 1


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_asked(application, inner):
    fetcher = Fetcher(content_types=(), resolve=lambda _host, _port: [inner])
    assert deliver(fetcher) == 0
    assert "not on the public internet" in Delivery.objects.get().answer


class Redirects(BaseHTTPRequestHandler):
    asked: list = []

    def do_POST(self):
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/inside")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.mark.embedded
def test_a_redirect_is_not_followed(application, webhook):
    Redirects.asked = []
    server = HTTPServer(("127.0.0.1", 0), Redirects)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Webhook.objects.update(url=f"http://empresa.example:{server.server_port}/hook")
    local = Fetcher(
        content_types=(), seconds=3, resolve=lambda _host, _port: ["127.0.0.1"], allows=lambda _address: True,
        ports=frozenset([server.server_port]),
    )  # fmt: skip
    deliver(local)
    server.shutdown()
    server.server_close()
    assert Redirects.asked == ["/hook"]
    assert Delivery.objects.get().answer == "HTTP 302"


@pytest.mark.embedded
def test_a_receiver_that_hangs_is_left(application):
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    Webhook.objects.update(url=f"http://empresa.example:{port}/hook")
    local = Fetcher(
        content_types=(), seconds=0.5, resolve=lambda _host, _port: ["127.0.0.1"], allows=lambda _address: True,
        ports=frozenset([port]),
    )  # fmt: skip
    deliver(local)
    silent.close()
    assert Delivery.objects.get().status == "waiting"
    assert Delivery.objects.get().answer


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(client, recruiter):
    client.force_login(recruiter.user)
    return reverse("notifications:integrations")


def test_the_secret_is_shown_once(client, page):
    shown = client.post(page, {"url": URL}).content.decode()
    secret = re.search(r"whsec_[\w-]{43}", shown)[0]
    assert Webhook.objects.get().secret == secret
    assert secret not in client.get(page).content.decode()


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://empresa.example/", "ftp://empresa.example/", "https://a:b@empresa.example/",
     "https://empresa.example:8443/", "https://0x7f.1/", "https://2130706433/", "https://a.example/\x00",
     "https://a.example/" + "a" * 500],
)  # fmt: skip
def test_an_address_that_we_do_not_ask_is_refused(client, page, url):
    assert client.post(page, {"url": url}).status_code == 422
    assert not Webhook.objects.exists()


def test_the_same_address_again_is_a_new_secret_and_there_are_at_most_five(client, page):
    for _twice in range(2):
        client.post(page, {"url": URL})
    assert Webhook.objects.count() == 1
    for number in range(webhooks.MOST):
        response = client.post(page, {"url": f"{URL}/{number}"})
    assert response.status_code == 422
    assert Webhook.objects.count() == webhooks.MOST


def test_the_log_asks_for_the_same_rows_whatever_their_number(client, page, application, django_assert_max_num_queries):
    client.get(page)
    for _more in range(8):
        record(application=application, actor=None, note="", now=NOW)
    with django_assert_max_num_queries(9):
        assert client.get(page).content.decode().count("application.moved") == 8


def test_only_who_is_in_charge_of_the_company_sees_and_changes_them(client, webhook, recruiter):
    colleague = RecruiterFactory(company=recruiter.company, is_owner=False)
    stranger = RecruiterFactory(company=CompanyFactory())
    for somebody in (colleague, stranger):
        client.force_login(somebody.user)
        client.post(reverse("notifications:change_webhook", args=[webhook.public_id]), {"remove": "1"})
    assert Webhook.objects.exists()
    client.force_login(recruiter.user)
    client.post(reverse("notifications:change_webhook", args=[webhook.public_id]), {"remove": "1"})
    assert not Webhook.objects.exists()


def test_the_log_goes_with_the_student_and_with_time(application):
    assert expire(NOW + 29 * DAY) == 0
    erase(application.student.user, NOW)
    assert not Delivery.objects.exists()
    record(application=Application.objects.get(), actor=None, note="", now=NOW)
    assert expire(NOW + 30 * DAY) == 1


def test_the_program_asks_the_public_internet_alone():
    assert (WEBHOOKS.redirects, WEBHOOKS.ports) == (0, frozenset({80, 443}))
    assert WEBHOOKS.seconds <= 10
