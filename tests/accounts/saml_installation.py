"""An installation that signs people in by SAML, in a process of its own: its addresses are there only if it starts so.

Run by test_saml.py with RISKBOARD_SAML_* set; prints what became of each answer of the identity provider as JSON.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

ENTITY, HOST = "https://idp.works.example/metadata", "http://riskboard.example"


def answer(asked: str, *, email: str, audience: str, expired: bool = False) -> str:
    """A response to that request, with one assertion about that person, unsigned."""
    now = datetime.now(UTC) - timedelta(hours=2 if expired else 0)
    at, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (now, now + timedelta(minutes=5)))
    acs = f"{HOST}/account/saml/saml/acs/"
    return f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 ID="_r1" Version="2.0" IssueInstant="{at}" Destination="{acs}" InResponseTo="{asked}"><saml:Issuer>{ENTITY}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_a1" Version="2.0" IssueInstant="{at}"><saml:Issuer>{ENTITY}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{email}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}"
 Recipient="{acs}" InResponseTo="{asked}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{at}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>
</saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{at}" SessionIndex="s1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3"><saml:AttributeValue>{email}</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"""  # noqa: E501


def signed(document: str, key: str, certificate: str) -> str:
    """The same with its assertion signed by that key."""
    from onelogin.saml2.utils import OneLogin_Saml2_Utils as Tools

    start, end = document.index("<saml:Assertion "), document.index("</saml:Assertion>") + len("</saml:Assertion>")
    alone = document[start:end].replace(
        "<saml:Assertion ", '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ', 1
    )
    made = Tools.add_sign(
        alone, key, certificate, sign_algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest_algorithm="http://www.w3.org/2001/04/xmlenc#sha256",
    )  # fmt: skip
    return document[:start] + (made.decode() if isinstance(made, bytes) else made) + document[end:]


def main() -> None:
    """Try a good answer, and one of each bad kind, each by a person nobody knows yet."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "riskboard.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    from riskboard.accounts.models import Membership

    keys = Path(sys.argv[1])
    key, certificate, other_key, other = (
        (keys / name).read_text() for name in ("idp.key", "idp.pem", "other.key", "other.pem")
    )
    told: dict[str, object] = {"form-action": settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]}
    audience = f"{HOST}/account/saml/saml/metadata/"
    told["metadata"] = Client(HTTP_HOST="riskboard.example").get("/account/saml/saml/metadata/").status_code
    for name in ("good", "unsigned", "another key", "another audience", "expired", "never asked"):
        client, email = Client(HTTP_HOST="riskboard.example"), f"{name.replace(' ', '-')}@works.example"
        sent = client.post("/account/saml/saml/login/")
        request = parse_qs(urlsplit(sent["Location"]).query)["SAMLRequest"][0]
        asked = ElementTree.fromstring(zlib.decompress(base64.b64decode(request), -15)).attrib["ID"]
        document = answer(
            "_never" if name == "never asked" else asked, email=email, expired=name == "expired",
            audience="https://elsewhere.example" if name == "another audience" else audience,
        )  # fmt: skip
        if name != "unsigned":
            document = signed(document, *((other_key, other) if name == "another key" else (key, certificate)))
        given = {"SAMLResponse": base64.b64encode(document.encode()).decode(), "RelayState": ""}
        client.post("/account/saml/saml/acs/", given, follow=True)
        member = Membership.objects.filter(user__email=email).first()
        told[name] = [member.role if member else None, "_auth_user_id" in client.session]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
