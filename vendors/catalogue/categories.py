"""The closed list of what vendors are for, and the spellings of it met in collected lists."""

from __future__ import annotations

UNKNOWN = "unknown"

CATEGORIES: dict[str, str] = {
    "ai": "models and tools of machine learning, served",
    "cdn-edge": "content delivery, DNS at the edge, traffic",
    "cloud-infra": "computers, storage and networks for rent",
    "communications": "calls, messages and meetings",
    "crm-marketing": "customers' records, campaigns, sales, search marketing",
    "customer-support": "help desks and chat with customers",
    "database": "databases, search, pipelines and analytics",
    "dev-tools": "what software is built, tested and shipped with",
    "e-commerce": "shops, their sites and their shipping",
    "email": "mailboxes, mail delivery and mail campaigns",
    "fintech": "banking, trading and crypto currencies",
    "gaming": "games and what they run on",
    "hr-payroll": "hiring, staff records and wages",
    "identity": "sign-in, passwords and access",
    "it-ops": "running an organisation's computers and services",
    "observability": "monitoring, logs, alerts and on-call",
    "other": "known, and none of these",
    "payments": "taking and making payments",
    "productivity": "documents, tasks and working together",
    "security": "protection of computers, data and buildings",
    "web-hosting": "web sites and domains",
    UNKNOWN: "nobody has said",
}

# As the bundled records spell theirs, which were written before the list: said in every language, as those of the list are.
OF_RECORDS = (
    "AI", "cloud platform", "collaboration", "content management", "dev tools", "monitoring and on-call", "network and CDN",
)  # fmt: skip

# What people read, where it is not the category itself.
NAMES: dict[str, str] = {
    "ai": "AI",
    "cdn-edge": "CDN and edge",
    "cloud-infra": "cloud infrastructure",
    "crm-marketing": "CRM and marketing",
    "customer-support": "customer support",
    "dev-tools": "dev tools",
    "hr-payroll": "HR and payroll",
    "it-ops": "IT operations",
    "web-hosting": "web hosting",
}

SPELLINGS: dict[str, str] = {
    "": UNKNOWN,
    "AI": "ai",
    "CRM/marketing": "crm-marketing",
    "HR/payroll": "hr-payroll",
    "IT/support ops": "it-ops",
    "ai": "ai",
    "cdn/edge": "cdn-edge",
    "cloud infra": "cloud-infra",
    "cloud platform": "cloud-infra",
    "collaboration": "productivity",
    "communication": "communications",
    "communications": "communications",
    "content management": "dev-tools",
    "crypto/fintech": "fintech",
    "customer support": "customer-support",
    "database/data": "database",
    "dev tools": "dev-tools",
    "e-commerce": "e-commerce",
    "email": "email",
    "enterprise/other": "other",
    "gaming": "gaming",
    "identity/auth": "identity",
    "marketing/SEO": "crm-marketing",
    "monitoring and on-call": "observability",
    "monitoring/observability": "observability",
    "network and CDN": "cdn-edge",
    "other": "other",
    "payments": "payments",
    "productivity/collaboration": "productivity",
    "security": "security",
    "web hosting": "web-hosting",
}


def category_of(text: str) -> tuple[str, bool]:
    """The category that spelling stands for, and whether it is a guess (a leading "~").

    Raises KeyError for a spelling nobody has mapped: a new one is decided by a person, here.
    """
    guessed = text.startswith("~")
    return SPELLINGS[text.removeprefix("~").strip()], guessed
