"""Mails that come back: believed when they quote a mail of ours, in any shape that servers send them, or rubbish."""

import io
import mailbox

import pytest
from django.core.management import CommandError, call_command

from conftest import HOUR, NOW
from moirai.accounts.tests.factories import UserFactory
from notifications import bounces
from notifications.models import DeadAddress, Kind, Notification, OutboxMail
from notifications.tests.telling import told

pytestmark = pytest.mark.django_db


def report(
    message_id, status="5.1.1", action="failed", part="text/rfc822-headers", diagnostic="smtp; 550 no such user"
):
    return f"""From: MAILER-DAEMON@mx.example
To: bounces@uni.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain

I am sorry.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; person@universidad.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--XX
Content-Type: {part}

Message-ID: {message_id}
Subject: x

--XX--
""".encode()


@pytest.fixture
def mail():
    told(UserFactory())
    OutboxMail.objects.update(status=OutboxMail.Status.SENT)
    return OutboxMail.objects.get()


def read(content):
    found = bounces.read_report(content)
    return found is not None and bounces.record(report=found, now=NOW)


@pytest.mark.parametrize("part", ["text/rfc822-headers", "message/rfc822"])
def test_a_mailbox_that_is_not_there_ends_mails_to_it(mail, part):
    content = report(bounces.message_id(mail), part=part, diagnostic="smtp; 550 <ana@uni.example>: unknown")
    assert [read(content), read(content)] == [True, True]
    mail.refresh_from_db()
    assert (mail.status, mail.error) == ("bounced", "5.1.1 smtp; 550 <…>: unknown")
    assert DeadAddress.objects.get().user == mail.user
    assert Notification.objects.filter(kind=Kind.MAIL_BOUNCED).count() == 1
    told(mail.user, "next")
    assert OutboxMail.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "action", "is_marked", "is_dead"),
    [
        ("5.1.1", "failed", True, True),
        ("5.2.1", "failed", True, True),
        ("5.0.0", "failed", True, True),
        ("5.2.2", "failed", True, False),  # a full mailbox
        ("5.7.1", "failed", True, False),  # a policy
        ("4.4.7", "failed", False, False),
        ("4.2.0", "delayed", False, False),
        ("2.0.0", "delivered", False, False),
        ("rubbish", "failed", True, True),
    ],
)
def test_what_a_status_means(mail, status, action, is_marked, is_dead):
    assert read(report(bounces.message_id(mail), status=status, action=action)) is is_marked
    assert OutboxMail.objects.filter(status="bounced").exists() is is_marked
    assert DeadAddress.objects.exists() is is_dead


def test_nobody_closes_an_address_by_writing_to_the_mailbox(mail):
    ours = bounces.message_id(mail)
    forged = [
        "<moirai-1-00000000000000000000@localhost>",
        ours.replace(f"-{mail.pk}-", f"-{mail.pk + 1}-"),
        "<someone@else.example>",
        "",
        "<moirai-" + "9" * 30 + "-00000000000000000000@x>",
    ]
    assert not any(read(report(message_id)) for message_id in forged)
    holiday = f"From: a@x\nIn-Reply-To: {ours}\nSubject: On holiday\n\nBack in May.".encode()
    assert not read(holiday)
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 100, b"Content-Type: multipart/report\n\n", b"x" * 2_000_000])
def test_rubbish_is_left_alone(content):
    assert bounces.read_report(content) is None


def test_a_report_cut_anywhere_never_breaks(mail):
    content = report(bounces.message_id(mail))
    understood = {bounces.read_report(content[:end]) for end in range(0, len(content), 7)}
    assert understood <= {None, bounces.read_report(content)}


def test_an_address_changed_meanwhile_is_not_the_one_that_failed(mail):
    content = report(bounces.message_id(mail))
    mail.user.email = "new@universidad.example"
    mail.user.save()
    assert read(content)
    assert not DeadAddress.objects.exists()


def test_a_mail_deleted_meanwhile_is_nobodys(mail):
    content = report(bounces.message_id(mail))
    mail.delete()
    assert not read(content)


# --- The command ------------------------------------------------------------------------------------------------------


def run(path):
    out = io.StringIO()
    call_command("record_bounces", str(path), stdout=out)
    return out.getvalue().strip()


@pytest.mark.parametrize("kind", [mailbox.mbox, mailbox.Maildir])
def test_a_mailbox_is_read_and_read_again(mail, tmp_path, kind):
    box = kind(tmp_path / "box")
    box.add(report(bounces.message_id(mail)))
    box.add(b"From: a@x\nSubject: hello\n\nhello\n")
    box.close()
    told_twice = [run(tmp_path / "box") for _ in range(2)]
    assert told_twice == ["1 bounces recorded, 1 other messages left alone."] * 2
    assert DeadAddress.objects.count() == 1


def test_one_report_comes_on_standard_input(mail, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(report(bounces.message_id(mail))))
    monkeypatch.setattr("sys.stdin", stdin)
    assert run("-") == "1 bounces recorded, 0 other messages left alone."


def test_a_mailbox_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="is not there"):
        run(tmp_path / "nothing")


def test_the_identity_of_a_mail_is_the_same_at_every_attempt(mail):
    assert bounces.message_id(mail) == bounces.message_id(OutboxMail.objects.get())


def test_a_second_refusal_after_a_repair_is_told_again(mail):
    user = mail.user
    bounces.bury(user=user, reason="550", now=NOW)
    bounces.revive(user=user, now=NOW)
    bounces.bury(user=user, reason="550", now=NOW + HOUR)
    assert Notification.objects.of(user).unread().filter(kind=Kind.MAIL_BOUNCED).count() == 1
