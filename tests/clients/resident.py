"""A resident's day through a client that was generated from the town's own document: a report with a photo, a stamped certificate, a payment.

    resident.py ADDRESS TOKEN PHOTO

Each line it prints is what a step came to, as JSON; the page of a payment is played by whoever runs it, who then says so on standard input.
Every answer must be one the document names (`raise_on_unexpected_status`), and read as the document says.
"""

import base64
import datetime
import hashlib
import json
import secrets
import sys
import time
import uuid
from io import BytesIO
from pathlib import Path

from municipal import AuthenticatedClient
from municipal.api.certificates import ask_certificate
from municipal.api.changes import read_changes
from municipal.api.files import read_file
from municipal.api.payments import pay
from municipal.api.reports import send_report
from municipal.api.town import read_card
from municipal.api.uploads import append_piece, begin_upload
from municipal.models import (
    Acknowledged,
    CartBody,
    CartNotice,
    CartReply,
    CertificateBody,
    CertificateBodyAudience,
    CertificateBodyKindsItem,
    CertificateRecord,
    NoticeRecord,
    PhotoBody,
    PlaceBody,
    PlaceBodySource,
    ReportBody,
    ReportBodyCategory,
    ReportRecord,
    ResidentRecord,
    StampDutyType0,
    TownCard,
)
from municipal.types import File

TUS = "1.0.0"


def made() -> uuid.UUID:
    """A UUIDv7 (RFC 9562 section 5.7)."""
    whole = (int(time.time() * 1000) << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return uuid.UUID(int=whole)


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def own(client, collection: str, shape):
    """The caller's records of a collection, each read as its schema says."""
    page = read_changes.sync(client=client, own="", limit=1000)
    there = [change for change in page.own.items if change.collection == collection and not change.deleted]
    return [shape.from_dict(change.body.to_dict()) for change in there]


def say(**step) -> None:
    print(json.dumps(step), flush=True)


def main(address: str, token: str, photo: bytes) -> None:
    client = AuthenticatedClient(base_url=address, token=token, raise_on_unexpected_status=True)
    card = read_card.sync(client=client)
    assert isinstance(card, TownCard) and "certificates" in card.capabilities, card

    # A report, with a photo in two pieces.
    report, picture, digest = made(), made(), hashlib.sha256(photo).hexdigest()
    body = ReportBody(
        category=ReportBodyCategory.ROADS,
        title="Buca",
        details="Profonda",
        place=PlaceBody(source=PlaceBodySource.ADDRESS, address="Via Roma 14"),
        photos=[PhotoBody(id=picture, sha256=digest, size=len(photo))],
        sent_at=now(),
    )
    arrived = [send_report.sync_detailed(report, client=client, body=body) for _ in range(2)]
    assert [answer.status_code.value for answer in arrived] == [201, 200], arrived
    assert isinstance(arrived[0].parsed, Acknowledged) and arrived[0].parsed == arrived[1].parsed
    pairs = {"report": str(report), "photo": str(picture), "sha256": digest}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    begun = begin_upload.sync_detailed(client=client, tus_resumable=TUS, upload_length=len(photo), upload_metadata=metadata)
    upload = uuid.UUID(begun.headers["Location"].rsplit("/", 1)[1])
    half = len(photo) // 2
    for offset, piece in [(0, photo[:half]), (half, photo[half:])]:
        sent = append_piece.sync_detailed(
            upload, client=client, body=File(payload=BytesIO(piece)), tus_resumable=TUS, upload_offset=offset
        )
        assert sent.status_code == 204 and int(sent.headers["Upload-Offset"]) == offset + len(piece), sent
    assert sent.headers["Vicino-Acknowledgement"].count(".") == 2
    [filed] = [one for one in own(client, "reports", ReportRecord) if one.id == report]
    assert filed.arrived[0].arrived, filed
    say(report=str(report), number=filed.number)

    # A certificate whose stamp is to be paid.
    me = own(client, "residents", ResidentRecord)[0]
    certificate = made()
    wish = CertificateBody(
        kinds=[CertificateBodyKindsItem.RESIDENCE],
        person=me.id,
        audience=CertificateBodyAudience.PRIVATE,
        stamp=StampDutyType0.DUE,
        sent_at=now(),
    )
    asked = ask_certificate.sync_detailed(certificate, client=client, body=wish)
    assert asked.status_code == 202 and asked.headers["Location"].endswith(str(certificate)), asked
    debt = None
    for _ in range(100):
        [record] = [one for one in own(client, "certificates", CertificateRecord) if one.id == certificate]
        debt = next((one for one in own(client, "notices", NoticeRecord) if one.id == record.notice), None)
        if debt is not None:
            break
        time.sleep(0.1)
    assert debt is not None and record.state == "stamp_due", record

    # It is paid.
    due = debt.plans[0].installments[0]
    line = CartNotice(
        number=due.number,
        creditor=debt.creditor.tax_code,
        creditor_name=debt.creditor.name,
        description=debt.title,
        amount=due.amount,
    )
    cart = pay.sync(made(), client=client, body=CartBody(notices=[line], return_to="http://127.0.0.1:4711/paid"))
    assert isinstance(cart, CartReply), cart
    say(page=cart.location, amount=due.amount)
    sys.stdin.readline()
    for _ in range(100):
        [record] = [one for one in own(client, "certificates", CertificateRecord) if one.id == certificate]
        if record.state == "issued":
            break
        time.sleep(0.1)
    assert record.state == "issued", record
    paper = read_file.sync_detailed(record.issued.file.sha256, client=client)
    assert hashlib.sha256(paper.content).hexdigest() == record.issued.file.sha256
    say(certificate=record.issued.number, paper=len(paper.content))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_bytes())
