"""What is plainly wrong in the collected list of vendors, put right by hand: one line each, with its reason.

Nothing is looked up anywhere; every correction is read off the row itself (name, address) or off another row.
"""

from __future__ import annotations

# Hosts that watch other people's services from outside. What they show is not the vendor's own word.
THIRD_PARTY_HOSTS = frozenset(
    {
        "cloudharmony.com",
        "issitedownrightnow.com",
        "statusgator.com",
        "steamstat.us",  # the row itself says "Unofficial"
        "updownradar.com",
        "uptime.com",
        "www.isitdownrightnow.com",
        "www.saashub.com",
    }
)

# Addresses that are no status page of a vendor, and why.
NO_STATUS_PAGE: dict[str, str] = {
    "https://acmeapico.statuspage.io": "a made-up company that shows a product",
    "https://docs.servicenow.com/bundle/washingtondc-platform-user-interface/page/build/service-portal/concept/"
    "service-status-widget.html": "a page of a manual",
    "https://grafana.wikimedia.org/d/000000479/frontend-traffic": "a board of measurements; it states nothing",
    "https://sgtest1.statuspage.io": "somebody's test page",
    "https://status.globant.com/login": "a form to log in",
    "https://www.similarweb.com/website/statuspage.io": "figures about visits to another site",
}

# Addresses with something in them that belongs to one visit.
ADDRESSES: dict[str, str] = {
    "https://cloud.ibm.com/status?selected=status": "https://cloud.ibm.com/status",  # a tab
    "https://grafana.wikimedia.org/d/000000479/frontend-traffic?orgId=1": (
        "https://grafana.wikimedia.org/d/000000479/frontend-traffic"  # an account's number
    ),
    "https://status.enterprisemessaging-starhub.com/?start_date=2023-12-02": (
        "https://status.enterprisemessaging-starhub.com"  # the day somebody looked
    ),
    "https://status.qualitestgroup.com/Home/Privacy": "https://status.qualitestgroup.com",  # its privacy notice
}

# (name, host) of rows where the name is another company's than the page's.
NAME_BY_HOST: dict[tuple[str, str], str] = {
    ("Alto Pharmacy", "support.altosoftware.co.uk"): "Alto Software",
    ("Innovo", "status.inriver.com"): "inriver",
    ("Multiverse", "status.multiversx.com"): "MultiversX",
    ("State of Minnesota", "status.minnstate.edu"): "Minnesota State",
}

# Spellings of a name, to the one that is shown. Slips first; then other names, in the rows, of the same vendor.
NAMES: dict[str, str] = {
    "ANZ GCIS StatusPage Status - Login": "ANZ GCIS",  # the title of the page's form
    "Citrix ShareFile®": "Citrix ShareFile",
    "CloudAMPQ": "CloudAMQP",  # its page is status.cloudamqp.com
    "CoachHub - The digital coaching platform": "CoachHub",
    "Gastby": "Gatsby",  # status.gatsbyjs.com
    "Playstation": "PlayStation",
    "Secure Code Warror": "Secure Code Warrior",  # status.securecodewarrior.com
    "Squdcast Status": "Squadcast",  # status.squadcast.com
    "Vkontakte platform status": "Vkontakte",
    "elasticio": "elastic.io",
    "g-core-labs": "G-Core Labs",
    "illiz": "Zilliz",  # status.zilliz.com
    "mavenlink-": "Mavenlink",
    "permit-io": "Permit.io",
    "platformsh": "Platform.sh",
    "sap-for-me--sap-one-support-launchpad": "SAP for Me",
    "Atlassian Statuspage (meta)": "Atlassian Statuspage",
    "Azure": "Microsoft Azure",
    "Balena.io": "balena",
    "Grafana": "Grafana Cloud",
    "Intercom - AU Hosting": "Intercom",
    "Intercom - EU Hosting": "Intercom",
    "Intercom - US Hosting": "Intercom",
    "Jira": "Jira Software",  # its page is jira-software.status.atlassian.com
    "Jira Service Desk": "Jira Service Management",  # renamed by its owner
    "Lucidchart": "Lucid",  # lucidsoftware.statuspage.io
    "NetDocuments AU": "NetDocuments",
    "NetDocuments US": "NetDocuments",
    "One": "One.com",  # status.one.com
    "Rackspace System Status": "Rackspace",
    "Runpanther": "Panther Labs",
    "SignalFx EU0": "SignalFx",
    "SignalFx US0": "SignalFx",
    "SignalFx US1": "SignalFx",
    "SolarWinds Loggly": "Loggly",
    "Sony PlayStation": "PlayStation",
    "Sumo Logic US1": "Sumo Logic",
    "Sumo Logic US2": "Sumo Logic",
    "SumoLogic": "Sumo Logic",
    "TCP (TimeClock Plus)": "TimeClock Plus",
    "Yandex": "Yandex Cloud",  # status.cloud.yandex.com
    "Yandex.Cloud": "Yandex Cloud",
    "azure": "Microsoft Azure",
}

# Words of names that are written as identifiers, as their owners write them; any other gets a capital.
WORDS: dict[str, str] = {
    "acquia": "Acquia",
    "api": "API",
    "apigee": "Apigee",
    "appian": "Appian",
    "apple": "Apple",
    "appsflyer": "AppsFlyer",
    "appwrite": "Appwrite",
    "automattic": "Automattic",
    "bandwidth": "Bandwidth",
    "bluejeans": "BlueJeans",
    "caseware": "CaseWare",
    "cloudblue": "CloudBlue",
    "cloudera": "Cloudera",
    "cloudvision": "CloudVision",
    "cloudways": "Cloudways",
    "coreweave": "CoreWeave",
    "crm": "CRM",
    "databox": "Databox",
    "datarobot": "DataRobot",
    "dbt": "dbt",
    "dns": "DNS",
    "doppler": "Doppler",
    "dx": "DX",
    "dyn": "Dyn",
    "dynatrace": "Dynatrace",
    "ecostruxure": "EcoStruxure",
    "egnyte": "Egnyte",
    "f5": "F5",
    "firebase": "Firebase",
    "forticlient": "FortiClient",
    "fortiweb": "FortiWeb",
    "gandi": "Gandi",
    "guidewire": "Guidewire",
    "harness": "Harness",
    "hasura": "Hasura",
    "heroku": "Heroku",
    "hetzner": "Hetzner",
    "hostpapa": "HostPapa",
    "ibm": "IBM",
    "infoblox": "Infoblox",
    "ionos": "IONOS",
    "iot": "IoT",
    "it": "IT",
    "jenkins": "Jenkins",
    "layer7": "Layer7",
    "leaseweb": "Leaseweb",
    "lightstep": "Lightstep",
    "liveramp": "LiveRamp",
    "matillion": "Matillion",
    "micloud": "MiCloud",
    "neon": "Neon",
    "netapp": "NetApp",
    "netskope": "Netskope",
    "nintex": "Nintex",
    "nisc": "NISC",
    "ns1": "NS1",
    "nutanix": "Nutanix",
    "nylas": "Nylas",
    "opensrs": "OpenSRS",
    "openvpn": "OpenVPN",
    "paperspace": "Paperspace",
    "perimeterx": "PerimeterX",
    "pingplotter": "PingPlotter",
    "platform9": "Platform9",
    "playfab": "PlayFab",
    "prefect": "Prefect",
    "pubnub": "PubNub",
    "pulumi": "Pulumi",
    "qlik": "Qlik",
    "racknerd": "RackNerd",
    "rackspace": "Rackspace",
    "railway": "Railway",
    "rms": "RMS",
    "rubrik": "Rubrik",
    "saas": "SaaS",
    "sailpoint": "SailPoint",
    "sap": "SAP",
    "spacelift": "Spacelift",
    "swg": "SWG",
    "temporal": "Temporal",
    "waf": "WAF",
}

# Regions and plans in brackets behind a name: one vendor, several pages.
REGIONS = frozenset(
    {
        "AU", "Canada", "EU", "Frankfurt", "Mumbai", "North Virginia", "North Virginia 2", "Oregon", "Seoul",
        "Singapore", "Singapore 2", "Sydney", "Tokyo", "US",
    }
)  # fmt: skip

# Hosts that carry pages of several vendors or several products: the same host does not make them one.
SHARED_HOSTS = frozenset(
    {
        "rootly.com", "stats.pingdom.com", "stats.uptimerobot.com", "status.broadcom.com", "status.cloud.google.com",
        "www.google.com",
    }
)  # fmt: skip

# Where a host ends, the product that serves the page. These names say nothing about whose page it is.
PRODUCT_HOSTS: dict[str, str] = {
    ".betteruptime.com": "betterstack",
    ".freshstatus.io": "freshstatus",
    ".hund.io": "hund",
    ".instatus.com": "instatus",
    ".montastic.io": "unknown",
    ".status.io": "statusio",
    ".statuskeeper.io": "unknown",
    ".statuspage.io": "statuspage",
    ".statuspal.io": "statuspal",
    "rootly.com": "unknown",
    "stats.pingdom.com": "pingdom",
    "stats.uptimerobot.com": "uptimerobot",
}

# Spellings of a product, to its id. "own": the vendor's own, as far as the rows say.
PLATFORMS: dict[str, str] = {
    "": "unknown",
    "aws-health": "aws",
    "azure-rss": "azure",
    "bespoke": "own",
    "custom": "own",
    "oci (statuspage-v2-compatible)": "oci",
    "uptime-robot": "uptimerobot",
} | {
    name: name
    for name in (
        "betterstack", "cstate", "firehydrant", "freshstatus", "google-cloud", "hund", "incidentio", "instatus",
        "lambstatus", "site24x7", "sorry", "statuscake", "statuscast", "statushub", "statusio", "statuspage", "statuspal",
        "uptimerobot",
    )
}  # fmt: skip

# Public suffixes of two labels that occur in the rows.
TWO_LABEL_SUFFIXES = frozenset({"co.jp", "co.uk", "com.au", "net.au", "net.br"})
