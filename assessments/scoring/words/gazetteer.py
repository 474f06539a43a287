"""Lists of words that tell names apart: places, and what looks like a part of a service and is none. In lower case."""

from __future__ import annotations

# Places that clouds name as regions: countries, continents, capitals and exchange cities.
PLACES = frozenset(
    [
        "africa", "asia", "europe", "oceania", "australia", "austria", "belgium", "brazil", "bulgaria", "canada",
        "chile", "china", "colombia", "croatia", "cyprus", "czechia", "denmark", "egypt", "england", "estonia",
        "finland", "france", "germany", "ghana", "greece", "hungary", "iceland", "india", "indonesia", "ireland",
        "israel", "italy", "japan", "kenya", "korea", "latvia", "lithuania", "luxembourg", "malaysia", "malta",
        "mexico", "morocco", "netherlands", "nigeria", "norway", "pakistan", "peru", "philippines", "poland",
        "portugal", "qatar", "romania", "russia", "scotland", "serbia", "singapore", "slovakia", "slovenia",
        "spain", "sweden", "switzerland", "taiwan", "thailand", "turkey", "ukraine", "uae", "uk", "usa", "vietnam",
        "wales", "america", "american", "european", "asian", "australian", "canadian", "indian", "brazilian",
        "amsterdam", "ashburn", "athens", "atlanta", "auckland", "bangalore", "bangkok", "barcelona", "beijing",
        "belgrade", "berlin", "bogota", "boston", "brisbane", "brussels", "bucharest", "budapest", "cairo",
        "chennai", "chicago", "chuncheon", "copenhagen", "dallas", "delhi", "denver", "doha", "dubai", "dublin",
        "dusseldorf", "frankfurt", "geneva", "hamburg", "hanoi", "helsinki", "houston", "hyderabad", "istanbul",
        "jakarta", "johannesburg", "karachi", "kyiv", "lagos", "lisbon", "london", "madrid", "manchester", "manila",
        "marseille", "melbourne", "miami", "milan", "montreal", "moscow", "mumbai", "munich", "nairobi", "newark",
        "newcastle", "ohio", "oregon", "osaka", "oslo", "ottawa", "paris", "perth", "phoenix", "portland", "prague",
        "riyadh", "rome", "salvador", "seattle", "seoul", "shanghai", "sofia", "stockholm", "sydney", "taipei",
        "tallinn", "tokyo", "toronto", "vancouver", "vienna", "virginia", "warsaw", "washington", "zurich",
        "california", "texas", "iowa", "illinois",
    ]
)  # fmt: skip

# Capitalised words that name no product.
NOT_NAMES = frozenset(
    [
        "east", "west", "north", "south", "middle", "ctrl", "cmd", "shift", "p0", "sev1", "network", "connectivity",
        "performance", "traffic", "internet", "networks", "normal", "win", "repairs", "efforts", "improvements",
        "requests", "operations", "restoration", "recovery", "we", "our", "us", "i", "the", "this", "that", "these",
        "those", "there", "it", "its", "he", "she", "they", "their", "a", "an", "and", "or", "but", "so", "as",
        "at", "by", "for", "from", "in", "into", "of", "on", "to", "with", "within", "without", "after", "before",
        "during", "while", "when", "where", "which", "who", "what", "why", "how", "if", "please", "thank", "thanks",
        "sorry", "update", "updates", "summary", "description", "diagnosis", "workaround", "details", "impact",
        "status", "incident", "incidents", "issue", "issues", "outage", "resolved", "resolving", "monitoring",
        "investigating", "identified", "postmortem", "maintenance", "scheduled", "completed", "next", "previous",
        "current", "currently", "today", "tomorrow", "yesterday", "monday", "tuesday", "wednesday", "thursday",
        "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august",
        "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
        "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "am", "pm", "utc", "gmt",
        "pst", "pdt", "est", "edt", "cet", "cest", "bst", "pt", "et", "ist", "jst", "pacific", "eastern",
        "customers", "customer", "users", "user", "all", "some", "most", "many", "no", "not", "none", "other",
        "any", "each", "every", "both", "few", "several", "engineering", "engineers", "engineer", "team", "teams",
        "support", "root", "cause", "fix", "fixes", "service", "services", "system", "systems", "however",
        "additionally", "furthermore", "also", "meanwhile", "since", "due", "because", "although", "though", "once",
        "until", "now", "then", "here", "again", "still", "only", "just", "more", "less", "additional", "affected",
        "impacted", "between", "starting", "started", "approximately", "everything", "everyone", "everybody",
        "nothing", "something", "we're", "we've", "we’re", "we’ve", "i'm", "you", "your", "you're", "let", "error",
        "errors", "begin", "beginning", "end", "ended", "start", "time", "times", "date", "duration", "region",
        "regions", "products", "product", "symptoms", "symptom", "mitigation", "steps", "actions", "taken",
        "preliminary", "final", "report", "analysis", "overview", "background", "timeline", "remediation",
        "prevention", "conclusion", "apologies", "apologize", "best", "regards", "kind", "follow", "follow-up",
        "eta", "rca", "sla", "faq", "n/a", "tbd", "ok", "http", "https", "url", "id", "ids",
    ]
)  # fmt: skip

# What trouble may be with that names no part of a service.
NO_PART = frozenset(
    [
        "this", "these", "that", "those", "it", "them", "us", "our", "region", "regions", "system", "systems",
        "service", "services", "customers", "customer", "users", "user", "multiple", "several", "many", "most",
        "other", "various", "few", "small", "number", "subset", "zone", "zones", "availability", "single", "one",
        "two", "three", "area", "areas", "performance", "network", "connectivity", "side", "end", "meantime",
        "process", "progress", "past", "last", "following", "future", "broad", "place", "order", "question",
        "general", "error", "errors", "latency", "location", "locations", "parts", "platform", "infrastructure",
        "environment", "time", "times", "addition", "production", "affected", "impacted", "cloud", "internal",
        "upstream", "external", "third-party", "third", "downstream", "underlying", "response", "rates",
        "additional", "aws", "google", "azure", "cloudflare", "site", "sites", "products", "product", "components",
        "component", "hardware", "datacenter", "data-center", "europe", "asia", "north", "south", "east", "west",
        "central", "resources", "traffic", "requests", "how", "what", "where", "why", "when", "which", "who",
        "being", "loading", "reaching", "connecting", "organizations", "organisations", "accounts", "projects",
        "workspaces", "business", "operations", "urgency", "priority", "care", "caution", "each", "both", "any",
        "every", "different",
    ]
)  # fmt: skip

# What works or does not, and is no part: whoever is told of, the trouble itself, and what is done about it.
NO_SUBJECT = frozenset(
    [
        "we", "you", "they", "it", "this", "that", "these", "those", "there", "which", "who", "what", "all", "some",
        "many", "most", "others", "everything", "everyone", "nothing", "team", "teams", "engineers", "engineer",
        "staff", "folks", "people", "person", "members", "visitors", "developers", "merchants", "admins", "owners",
        "subscribers", "partner", "partners", "provider", "providers", "vendor", "vendors", "company", "group",
        "groups", "tenants", "tenant", "fix", "fixes", "mitigation", "mitigations", "rollback", "change", "changes",
        "update", "updates", "workaround", "issue", "issues", "incident", "problem", "problems", "outage", "event",
        "events", "degradation", "latencies", "timeouts", "failures", "delays", "rate", "levels", "level",
        "metrics", "recovery", "repairs", "efforts", "work", "functionality", "features", "feature", "everything's",
        "things", "thing", "way", "result", "results", "still", "set", "subset", "businesses", "running", "usage",
        "globally", "are", "etc", "period", "window", "hours", "line", "themselves", "prior", "inquiries",
        "backlog", "backlogs", "demand", "latest", "identify", "deployed", "enabled", "attempts", "information",
        "scope", "type", "types", "com", "io", "path", "paths", "companies", "clients", "guests", "sites", "site",
        "points", "percentage", "number", "portion", "be", "not", "also", "us-east-1", "instance",
    ]
)  # fmt: skip

# Where what a part is called ends: "chronicle security has", "webhooks in all regions".
AFTER_A_PART = frozenset(
    [
        "a", "affecting", "after", "an", "and", "are", "as", "at", "beginning", "being", "but", "by", "due", "for",
        "from", "has", "have", "if", "impacting", "in", "is", "may", "not", "of", "on", "or", "our", "since",
        "starting", "such", "that", "the", "to", "was", "were", "when", "where", "which", "while", "who", "will",
        "with", "within", "without", "your", "some", "all", "multiple",
    ]
)  # fmt: skip
