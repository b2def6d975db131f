"""The outbox: sent once, never lost, with the headers that mail programs ask for; a mail server that fails each way."""

import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend

from conftest import DAY, HOUR, NOW
from moirai.accounts.tests.factories import UserFactory
from moirai.mail import text_of
from notifications import outbox
from notifications.models import DeadAddress, Kind, OutboxMail
from notifications.tests.telling import told

pytestmark = pytest.mark.django_db
Status = OutboxMail.Status


def test_a_waiting_mail_is_sent_once(mailoutbox):
    user = UserFactory()
    told(user)
    assert [outbox.send_waiting(now=NOW), outbox.send_waiting(now=NOW + HOUR)] == [1, 0]
    (message,) = mailoutbox
    assert message.to == [user.email]
    assert OutboxMail.objects.get().status == Status.SENT


def test_a_mail_says_that_it_is_automatic_and_how_to_end_it(mailoutbox, settings):
    settings.SITE_URL = "https://moirai.example"
    settings.MAIL_REPLY_TO, settings.MAIL_BOUNCES_TO = "office@uni.example", "bounces@uni.example"
    settings.DEFAULT_FROM_EMAIL = "Moirai <moirai@uni.example>"
    told(UserFactory())
    outbox.send_waiting(now=NOW)
    message = mailoutbox[0].message()
    row = OutboxMail.objects.get()
    assert message["Message-ID"].startswith(f"<moirai-{row.pk}-")
    assert message["Message-ID"].endswith("@uni.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{row.unsubscribe_url}>"
    assert row.unsubscribe_url.startswith("https://moirai.example/avisos/baja/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (message["From"], message["Reply-To"]) == ("Moirai <moirai@uni.example>", "office@uni.example")
    assert mailoutbox[0].from_email == "bounces@uni.example"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_what_must_be_known_offers_no_way_to_end_it(mailoutbox):
    told(UserFactory(), kind=Kind.PRIVACY_REQUEST, data={"status": "received"})
    outbox.send_waiting(now=NOW)
    assert "List-Unsubscribe" not in mailoutbox[0].message()


def test_a_mail_that_somebody_else_claimed_is_left_alone(mailoutbox):
    told(UserFactory())
    OutboxMail.objects.update(status=Status.SENDING)
    assert outbox.send_waiting(now=NOW) == 0
    assert not mailoutbox


def test_a_mail_whose_worker_died_is_not_sent_again_by_itself(mailoutbox):
    told(UserFactory())
    OutboxMail.objects.update(status=Status.SENDING, next_attempt_at=NOW)
    outbox.send_waiting(now=NOW + DAY)
    assert OutboxMail.objects.get().status == Status.FAILED
    assert not mailoutbox


def test_nothing_leaves_to_an_address_that_refused_meanwhile(mailoutbox):
    user = UserFactory()
    told(user)
    outbox.bounces.bury(user=user, reason="550", now=NOW)
    assert outbox.send_waiting(now=NOW) == 0
    assert OutboxMail.objects.get().status == Status.FAILED


def test_the_words_of_a_mail_go_after_thirty_days_and_the_row_stays():
    for key, status in [("sent", Status.SENT), ("waits", Status.WAITING)]:
        told(UserFactory(), key)
        OutboxMail.objects.filter(key=key).update(status=status)
    assert outbox.forget_words(NOW + timedelta(days=29)) == 0
    assert outbox.forget_words(NOW + timedelta(days=31)) == 1
    row = OutboxMail.objects.get(key="sent")
    assert (row.subject, row.text, row.html, row.unsubscribe_url, row.address_mark) == ("", "", "", "", "")
    assert row.kind == Kind.NEW_MATCHES
    assert OutboxMail.objects.get(key="waits").text


def test_the_text_twin_says_what_the_html_says():
    html = '<head><title>x</title></head><p>A &amp; B</p><ul><li><a href="https://x/">one</a></li><li>two</li></ul>'
    assert text_of(html + '<p><a href="https://y/">https://y/</a><br>end</p>') == (
        "A & B\n\n- one: https://x/\n- two\n\nhttps://y/\nend\n"
    )


# --- A server that fails ----------------------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch):
    """Makes the mail server answer every mail with an error."""

    def fail(error):
        def send_messages(*_):
            raise error

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    return fail


def test_a_mail_server_that_is_down_costs_a_pause_and_never_a_mail(failing, monkeypatch, mailoutbox):
    told(UserFactory())
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "open", lambda _: (_ for _ in ()).throw(ConnectionRefusedError("down")))
        at = NOW
        for attempt in range(1, 12):
            assert outbox.send_waiting(now=at) == 0
            row = OutboxMail.objects.get()
            assert (row.status, row.attempts) == (Status.WAITING, attempt)
            assert at < row.next_attempt_at <= at + HOUR
            outbox.send_waiting(now=at + timedelta(seconds=5))  # the pause is kept
            at = row.next_attempt_at
    assert outbox.send_waiting(now=at) == 1
    assert len(mailoutbox) == 1


def test_with_the_server_down_one_mail_is_tried_and_not_all(failing):
    for number in range(5):
        told(UserFactory(), f"k{number}")
    failing(SMTPServerDisconnected("gone"))
    outbox.send_waiting(now=NOW)
    assert sum(OutboxMail.objects.values_list("attempts", flat=True)) == 1


@pytest.mark.parametrize(
    ("error", "status", "is_dead"),
    [
        (SMTPRecipientsRefused({"a@x": (550, b"5.1.1 no such user")}), "failed", True),
        (SMTPRecipientsRefused({"a@x": (550, b"5.7.1 relaying denied")}), "failed", False),
        (SMTPRecipientsRefused({"a@x": (450, b"4.2.0 greylisted")}), "waiting", False),
        (SMTPDataError(554, b"5.6.0 no"), "failed", False),
        (SMTPDataError(451, b"later"), "waiting", False),
        (SMTPSenderRefused(550, b"not you", "moirai@x"), "waiting", False),
        (ValueError("a header"), "failed", False),
        (TimeoutError("slow"), "waiting", False),
    ],
)
def test_only_a_refusal_of_this_mail_is_final(failing, error, status, is_dead):
    told(UserFactory())
    failing(error)
    outbox.send_waiting(now=NOW)
    row = OutboxMail.objects.get()
    assert row.status == status
    assert row.error
    assert "a@x" not in row.error
    assert DeadAddress.objects.exists() is is_dead


class Smtp(socketserver.StreamRequestHandler):
    """Enough of SMTP to take mails; ``server.hang_up_after`` closes the connection at that command of a mail."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            command = line.split()[0].upper().decode() if line.split() else ""
            if command == self.server.hang_up_at:
                return
            if command == "DATA":
                self.say("354 go on")
                body = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append(b"".join(body))
            self.say("221 bye" if command == "QUIT" else "250 ok")
            if command == "QUIT":
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def serving(port=0, hang_up_at=""):
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.TCPServer(("127.0.0.1", port), Smtp) as server:
        server.taken, server.hang_up_at = [], hang_up_at
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.embedded  # speaks to loopback
def test_an_outage_loses_nothing_and_doubles_nothing(settings):
    with serving() as server:
        port = server.server_address[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    for number in range(6):
        told(UserFactory(), f"k{number}")
    at, taken = NOW, []

    def run(hang_up_at=None):
        nonlocal at
        at += HOUR
        if hang_up_at is None:
            return outbox.send_waiting(now=at)
        with serving(port, hang_up_at) as server:
            sent = outbox.send_waiting(now=at)
        taken.extend(server.taken)
        return sent

    assert [run(), run(), run("MAIL"), run("RCPT"), run("DATA")] == [0, 0, 0, 0, 0]  # down, then up and hanging up
    assert OutboxMail.objects.filter(status=Status.WAITING).count() == 6
    assert [run(""), run("")] == [6, 0]
    identities = [line for mail in taken for line in mail.splitlines() if line.startswith(b"Message-ID:")]
    assert len(identities) == len(set(identities)) == 6
    assert OutboxMail.objects.filter(status=Status.SENT).count() == 6
