"""What a vendor's own hosts lead to, seen from outside: the cloud, CDN or network a service stands on. Pure.

The evidence is the name behind a host's aliases, else the published address blocks of two CDNs. What a host name proves is
narrow: that this door of the service leads there, not that the rest of it does. Nothing recognised is not known, never
independent.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from riskboard.errors import Refused
from vendors.addresses import registrable
from vendors.openness import PRODUCT_HOSTS, Host
from vendors.records import Component, Observation, Page

Look = Callable[[str], Host]

CHECK: Final = "stands-on"  # the id of the observation; its value is an upstream's id of the portfolio's rubric
MOST_HOSTS: Final = 4  # looked at for one page: each is a name asked for and a handshake, once a day
DOORS: Final = ("app", "api")  # where customers of a web service come in; "www" is often a brochure kept elsewhere
# The end of a name behind an alias -> who runs what it leads to, as their documentation gives it.
RUN_BY: Final = {
    "amazonaws.com": "aws", "awsglobalaccelerator.com": "aws", "elasticbeanstalk.com": "aws", "awsapprunner.com": "aws",
    "cloudfront.net": "cloudfront",
    "googleusercontent.com": "google-cloud", "googlehosted.com": "google-cloud", "run.app": "google-cloud",
    "appspot.com": "google-cloud", "ghs.google.com": "google-cloud",
    "azurewebsites.net": "azure", "azureedge.net": "azure", "azurefd.net": "azure", "trafficmanager.net": "azure",
    "cloudapp.net": "azure", "cloudapp.azure.com": "azure", "azure-api.net": "azure", "windows.net": "azure",
    "cloudflare.net": "cloudflare", "fastly.net": "fastly", "fastlylb.net": "fastly",
    "akamai.net": "akamai", "akamaiedge.net": "akamai", "akamaized.net": "akamai", "edgekey.net": "akamai", "edgesuite.net": "akamai",
    "ondigitalocean.app": "digitalocean", "digitaloceanspaces.com": "digitalocean",
    "your-server.de": "hetzner",
}  # fmt: skip
# AWS writes the region into its names; those the portfolio knows apart.
REGIONS: Final = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2",
)  # fmt: skip
# Blocks these two publish for customers' firewalls, and announce themselves (www.cloudflare.com/ips, api.fastly.com/public-ip-list).
# They change seldom; one that is missing here leaves a host not known.
BLOCKS: Final = {
    "cloudflare": (
        "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "104.16.0.0/13", "104.24.0.0/14", "108.162.192.0/18",
        "131.0.72.0/22", "141.101.64.0/18", "162.158.0.0/15", "172.64.0.0/13", "173.245.48.0/20", "188.114.96.0/20",
        "190.93.240.0/20", "197.234.240.0/22", "198.41.128.0/17", "2400:cb00::/32", "2405:8100::/32", "2405:b500::/32",
        "2606:4700::/32", "2803:f800::/32", "2a06:98c0::/29", "2c0f:f248::/32",
    ),
    "fastly": (
        "23.235.32.0/20", "103.244.50.0/24", "103.245.222.0/23", "104.156.80.0/20", "146.75.0.0/17", "151.101.0.0/16",
        "157.52.64.0/18", "167.82.0.0/17", "185.31.16.0/22", "199.27.72.0/21", "199.232.0.0/16", "2a04:4e40::/32",
        "2a04:4e42::/32",
    ),
}  # fmt: skip
_NETWORKS = tuple((ipaddress.ip_network(block), who) for who, blocks in BLOCKS.items() for block in blocks)
_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){2,5}[a-z]{2,24}")


def doors_of(page_host: str, components: Iterable[Component]) -> tuple[str, ...]:
    """Hosts by which customers reach the service, likeliest first, at most MOST_HOSTS; () where the vendor's own zone is not known.

    Parts of the page that are named after a host of the vendor's zone, then the usual doors of that zone. The zone is that of
    the page's own address, unless a status-page product runs that name.
    """
    if any(page_host == known or page_host.endswith(f".{known}") for known in PRODUCT_HOSTS):
        return ()
    zone = registrable(page_host)
    named = [name for part in components if _HOST_NAME.fullmatch(name := part.name.strip().lower())]
    listed = [name for name in named if name.endswith(f".{zone}") and name != page_host]
    usual = [name for door in DOORS if (name := f"{door}.{zone}") != page_host]
    return tuple(dict.fromkeys([*listed, *usual]))[:MOST_HOSTS]


def stands_on(page: Page, look: Look | None, *, as_of: datetime) -> tuple[Observation, ...]:
    """One observation for each door of the service: "pass" with the upstream's id where it is recognised, else "unknown".

    `look` tells what name service and certificate say of a host; None: nothing is looked at. A door that does not answer is
    left out, and () says nothing of what an earlier look saw.
    """
    host = urlsplit(page.url).hostname
    if look is None or host is None:
        return ()
    seen = []
    for door in doors_of(host, page.components):
        try:
            seen.append(_seen(look(door), as_of))
        except Refused:  # most zones have no such host
            continue
    return tuple(seen)


def _seen(host: Host, as_of: datetime) -> Observation:
    upstream, how = next(_recognised(host), (None, None))
    if upstream is None:
        leads = (
            f" leads to {host.canonical[:200]}" if host.canonical and host.canonical != host.host else " was reached"
        )
        note = f"{host.host}{leads}; who runs it is not in the list of upstreams."
    else:
        note = f"{host.host} leads to {how}."
    return Observation(
        check=CHECK,
        outcome="unknown" if upstream is None else "pass",
        observed_at=as_of,
        value=upstream,
        url=f"https://{host.host}/",
        note=note[:500],
    )


def _recognised(host: Host) -> Iterator[tuple[str, str]]:
    """Upstream ids with what shows them: by name first, since an address may be announced for somebody else."""
    name = host.canonical.lower().rstrip(".")
    for end, upstream in RUN_BY.items():
        if name == end or name.endswith(f".{end}"):
            region = next((one for one in REGIONS if upstream == "aws" and one in name.split(".")), None)
            yield (f"aws-{region}" if region else upstream), name[:200]
    for text in host.addresses:
        address = ipaddress.ip_address(text)
        for network, upstream in _NETWORKS:
            if address.version == network.version and address in network:
                yield upstream, f"{text}, of a block published by {upstream.title()}"
