"""The words each element is recognised by: RE2 patterns (linear time on any text), tried on lower-cased text.

An element's guideline is quoted beside its patterns. Patterns find candidates; the vetoes of the same element drop
those whose *sentence* says the opposite (a plan, a negation, a phrase without content).
"""

from __future__ import annotations

ZONES = (
    r"(?:utc|gmt|pst|pdt|pt|est|edt|et|cst|cdt|mst|mdt|cet|cest|bst|wet|west|eet|eest|msk|ist|jst|kst|sgt|hkt|aest|aedt|nzst|nzdt"
    r"|us/(?:pacific|eastern|central|mountain)|z)"
)
CLOCK = (
    r"(?:\b(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s?\(?" + ZONES + r"\b)?"
    r"|\b(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?(?:\s?" + ZONES + r"\b)?"
    r"|\b(?:[01]\d|2[0-3])[0-5]\d\s?(?:hrs\s)?" + ZONES + r"\b"
    r"|\b(?:noon|midnight)\b(?:\s?" + ZONES + r"\b)?)"
)
# A number before "." is a clock only with a zone or a.m./p.m. behind it ("3.7" is a version, "10.30 utc" a time).
DOTTED_CLOCK = r"^\d{1,2}\.\d{2}$"

QUANTITY = (
    r"(?:\d+|an?|one|two|three|four|five|six|eight|ten|twelve|fifteen|twenty|thirty|forty[- ]five|sixty|ninety|half an"
    r"|(?:an?|one) half|a couple(?: of)?|(?:a|the) next|next|the)"
)
SPAN_OF_TIME = (
    r"(?:the next |approximately |about |around |~|another )?"
    + QUANTITY
    + r"[\s-]?(?:to \d+ )?(?:min(?:ute)?s?|h(?:ou)?rs?|hour)\b"
)

NEWS = r"(?:updates?|information|details|news|status|communication|progress report|report back|keep you (?:posted|updated|informed))"
NEXT_UPDATE = (
    # "next update by 10:30 UTC", "we will provide more details within the next hour", "an update in 30 minutes"
    NEWS
    + r"[^.;!?\n]{0,90}?\b(?:by|at|within|in|before|around|every|no later than|every)\b[^.;!?\n]{0,45}?(?:"
    + CLOCK
    + r"|"
    + SPAN_OF_TIME
    + r")",
    r"(?:next|further|another) (?:status )?update\W{1,4}[^.;!?\n]{0,40}?(?:" + CLOCK + r"|" + SPAN_OF_TIME + r")",
    r"(?:update|post|report|check)(?: you| again| back| here| this page)?[^.;!?\n]{0,30}? (?:again )?(?:in|within|by|at) [^.;!?\n]{0,30}?(?:"
    + CLOCK
    + r"|"
    + SPAN_OF_TIME
    + r")",
)
NEXT_UPDATE_VETO = (
    r"(?:last|previous|prior|earlier) update", r"updated (?:at|in|by|within)\b", r"\b(?:was|were|been) (?:up)?dated?\b",
    r"update(?:s|d)? (?:was|were|has been|had been|have been)\b", r"\b(?:software|firmware|os|security|system|configuration|config|kernel|database) update",
    r"since (?:the|our) (?:last )?update",
)  # fmt: skip

SYMPTOM = (
    r"\berrors?\b(?: (?:rates?|messages?|codes?|responses?))?", r"\berroneous", r"\blatenc(?:y|ies)", r"\btime[sd]?[ -]?outs?\b", r"\btiming out",
    r"\bunable to\b", r"\b(?:not|n't|never) (?:be )?able to\b", r"\bcan(?:not|'t|’t)\b", r"\b(?:could|can) not\b", r"\b(?:couldn|can)['’]t\b",
    r"\bfail(?:s|ed|ing|ures?)\b", r"\bfail to\b", r"\bdelay(?:s|ed|ing)?\b", r"\bslow(?:er|ness|ly|down|downs)?\b",
    r"\bunavailab(?:le|ility)\b", r"\bnot available\b", r"\binaccessib(?:le|ility)\b", r"\bunreachable\b", r"\bunresponsive\b",
    r"\bdegrad(?:ed|ation|ing)\b", r"\bintermittent(?:ly)?\b", r"\b[45](?:\d\d|xx)\b", r"\bpacket loss\b", r"\bconnect(?:ivity|ion) (?:issues?|problems?|errors?|loss|failures?|drops?)",
    r"\bconnectivity\b", r"\btrouble (?:with|load|send|connect|access|sign|log|upload|receiv|using)", r"\bdifficult(?:y|ies)\b", r"\binaccura(?:te|cies|cy)\b",
    r"\bincorrect(?:ly)?\b", r"\bmissing\b", r"\bstale\b", r"\bduplicate[ds]?\b", r"\bcrash(?:es|ed|ing)?\b", r"\bhang(?:s|ing)?\b", r"\bstuck\b",
    r"\bdown\b", r"\boutages?\b", r"\boffline\b", r"\bdisconnect(?:ed|ions?|ing|s)?\b", r"\bdropp(?:ed|ing)\b", r"\bqueu(?:ed|ing|e times?)\b",
    r"\bbacklog\b", r"\bnot (?:load|work|display|send|deliver|appear|process|receiv|sync|respond|function|render|show|updat|return|complet|start|trigger|generat|being)\w*",
    r"\b(?:isn|aren|wasn|weren|doesn|don|didn|won)['’]t (?:load|work|display|send|deliver|appear|process|receiv|sync|respond|function|render|show|updat|return|complet|start|trigger|able|being)\w*",
    r"\bblank (?:page|screen)", r"\brate[- ]limit(?:s|ed|ing)?\b", r"\bpoor performance\b", r"\bperformance (?:issues?|degradation|problems?|impact)",
    r"\bdata loss\b", r"\blost\b", r"\blogged out\b", r"\bblocked\b", r"\brejected\b", r"\binterrupt(?:ed|ions?)\b", r"\bdisrupt(?:ed|ions?|ing)\b", r"\bbroken\b", r"\blonger than\b",
    r"\bpoor (?:quality|audio|video)", r"\bincreased (?:response|processing|load|wait)", r"\bhigh (?:response|load|queue|failure)", r"\binvalid\b", r"\bunexpected(?:ly)?\b", r"\bmalfunction",
)  # fmt: skip
SYMPTOM_VETO = (
    r"\bfail(?:ed|ing|s)?[ -]?over\b",
    r"\b(?:scal|ramp|cool|drain|shut|roll|slow)(?:ed|ing)? down to\b",
    r"\b(?:not|n't|n’t) down\b",
    r"\b(?:no|without|zero) (?:further |more |longer )?(?:errors?|delays?|failures?|data loss)\b",
    r"no longer (?:be )?(?:experienc|see|fail|having)",
)

SCOPE_NUMBER = (
    r"[<>~≈]?\s?\d+(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b)",
    r"\b(?:about|approximately|around|roughly|some|over|under|fewer than|less than|more than|up to|only|~)?\s?\d[\d,. ]*(?:k|m|thousand|million)?\+? "
    r"(?:[a-z-]+ ){0,2}(?:customers?|users?|accounts?|sites?|tenants?|organi[sz]ations?|projects?|instances?|workspaces?|requests?|messages?|emails?|repositor(?:y|ies)|databases?|servers?|hosts?|clusters?|nodes?|droplets?|volumes?|vms?|machines?|jobs?|domains?|zones?|apps?|teams?|stores?|merchants?|queries)\b",
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|a single|a dozen|half) (?:of (?:the|our) )?(?:[a-z-]+ ){0,2}(?:customers?|users?|accounts?|sites?|tenants?|organi[sz]ations?|servers?|hosts?|clusters?|nodes?|instances?|databases?|data ?cent(?:er|re)s?)\b",
)
SCOPE_NUMBER_VETO = (
    r"\b100\s?%",
    r"uptime",
    r"\d+ (?:business )?(?:minutes?|hours?|days?)",
    r"fully recovered",
    r"sla\b",
    r"(?:version|http|error|status|code)s? \d",
)
SCOPE_VAGUE = (
    r"\b(?:(?:(?:a|the|very|only a|relatively) )?(?:very )?(?:small|limited|large|significant|tiny|minor|low|isolated)\s(?:sub)?(?:set|number|percentage|portion|fraction|group|proportion|amount|volume)(?: of)?)",
    r"\b(?:a )?(?:subset|fraction|portion|percentage|handful|majority|number|minority|proportion|share)s? of\b[^.;!?\n]{0,50}?(?:users?|customers?|requests?|accounts?|sites?|tenants?|organi[sz]ations?|projects?|traffic|instances?|workspaces?|people|teams?|partners?|apps?|jobs?|runs?|repositor|queries|messages?|emails?|servers?|domains?|zones?|developers?|vendors?|visitors?|merchants?|connections?|calls?|builds?|regions?|clusters?|databases?|clients?|members?|admins?|vms?)",
    r"\b(?:some|many|most|certain|several|few|fewer|multiple|various|other|limited)\b(?: of)?(?: (?:our|the|those|these|affected|impacted))?(?: [a-z0-9/’'&.-]+){0,5}? (?:users?|customers?|requests?|accounts?|sites?|tenants?|organi[sz]ations?|projects?|instances?|workspaces?|people|teams?|partners?|apps?|jobs?|runs?|repositories|queries|messages?|e?mails?|servers?|domains?|zones?|developers?|vendors?|visitors?|merchants?|connections?|calls?|builds?|clusters?|databases?|clients?|members?|admins?|vms?|channels?|workflows?|files?|transactions?|licen[cs]es|deployments?|traffic)\b",
    r"\bsome of you\b", r"\bnot all (?:users|customers)\b", r"\bintermittently for (?:some|certain)\b",
)  # fmt: skip
SCOPE_VAGUE_VETO = (
    r"\ball (?:users|customers)\b",
    r"\bsome (?:time|minutes|hours|further|more|additional|progress|improvement)\b",
)

CAUSE = (
    r"\b(?:due to|caused by|as a result of|because of|because (?:the|a|an|our|of)|result(?:ed|ing|s) from|stem(?:s|med|ming) from|triggered by|attribut(?:ed|able) to|originat(?:ed|ing) (?:from|in|at)|owing to|traced (?:back )?to|led to by|introduced by)\b",
    r"\broot cause (?:is|was|has been (?:identified as|determined to be|traced)|turned out|appears to be)\b", r"\bthe cause (?:is|was) (?:a|an|the|our)\b",
    r"\b(?:a|an|the) (?:recent |faulty |bad |bug in |failed |misconfigured |incorrect |hardware |power |network |upstream |configuration |third[- ]party |software )+[^.;!?\n]{0,60}?(?:caused|led to|resulted in|triggered|introduced|broke|is causing|was causing)\b",
    r"\bmisconfigur(?:ation|ed)\b", r"\b(?:bug|regression|defect) (?:in|introduced|that)\b",
    r"\b(?:incident|issue|issues|outage|problem|problems|disruption) (?:at|with|on) (?:our|one of our|an?|the) (?:upstream|third[- ]party|external|cloud|hosting|cdn|dns|network|infrastructure|email|payment|underlying)? ?(?:service )?(?:provider|vendor|supplier|partner|carrier)",
    r"\bwas (?:deployed|released|introduced) (?:that|which) (?:caused|broke|led)",
)  # fmt: skip
CAUSE_VETO = (
    r"\b(?:identif(?:y|ied|ying)|investigat\w*|determin\w*|find|found|finding|looking (?:in)?to|isolat\w*|understand\w*|confirm\w*|know|discover\w*|pinpoint\w*)\b[^.;!?\n]{0,25}\broot cause\b[^.;!?\n]{0,12}(?:$|and\b|of (?:the|this) (?:issue|problem|incident)\b\W*$|[.,;])",
    r"\bdue to (?:this|the) (?:issue|incident|outage|problem|disruption|ongoing)\b", r"\b(?:because of|as a result of|caused by|due to) (?:this|the|an?|some|it)? ?(?:ongoing |internal |current |unknown |technical |earlier |previous )?(?:issue|incident|outage|problem|disruption|event|maintenance window)s?\b\W*(?:$|[.,;]|and\b|with\b)",
    r"\b(?:apologi[sz]e|sorry|regret)\b[^.;!?\n]{0,70}(?:caused|due to|because|result)", r"\b(?:inconvenience|disruption|trouble|frustration|impact) (?:this|it|that) (?:may have |has |might have )?caused?",
    r"\binconvenience caused\b",
)  # fmt: skip

ACTION = (
    r"\b(?:roll(?:ed|ing)|rolls?) ?back\b", r"\brollback (?:has|was|is|of|complet|underway|in progress|to)\b", r"\brevert(?:ed|ing)\b", r"\bfail(?:ed|ing)? ?-?over\b", r"\bswitch(?:ed|ing) (?:over|back|to|traffic)\b",
    r"\b(?:restart|reboot|recycl|redeploy)(?:ed|ing|e?s)?\b", r"\b(?:scal(?:ed|ing)|ramp(?:ed|ing)) (?:up|out|down|back)?\b", r"\b(?:add(?:ed|ing)|increas(?:ed|ing)|provision(?:ed|ing)|expand(?:ed|ing))\b[^.;!?\n]{0,35}\b(?:capacity|servers?|resources?|nodes?|instances?|workers?|limits?|memory|disk|replicas?)\b",
    r"\b(?:re-?rout|redirect|divert|shift|drain|steer)(?:ed|ing)\b[^.;!?\n]{0,40}\b(?:traffic|requests?|load|users|customers|away|around|to)\b", r"\bre-?rout(?:ed|ing)\b", r"\bthrottl(?:ed|ing)\b[^.;!?\n]{0,40}", r"\b(?:disabled|disabling|turned off|turning off|paused|pausing|suspended)\b[^.;!?\n]{0,60}", r"\bre-?enabl(?:ed|ing)\b",
    r"\b(?:replac(?:ed|ing)|repair(?:ed|ing)|rebuil(?:t|ding)|re-?index(?:ed|ing)|purg(?:ed|ing)|flush(?:ed|ing)|clear(?:ed|ing) (?:the|out|our|a)|reprocess(?:ed|ing)|replay(?:ed|ing)|backfill(?:ed|ing)|resync(?:ed|ing|hroni[sz]\w*)|migrat(?:ed|ing)|block(?:ed|ing) (?:the|malicious|traffic)|isolat(?:ed|ing) (?:the|affected)|remov(?:ed|ing) (?:the|a|an|faulty|affected|bad|unhealthy)|upgrad(?:ed|ing) (?:the|our)|patch(?:ed|ing) (?:the|our|a)|rotat(?:ed|ing) (?:the|our)|renew(?:ed|ing) (?:the|our|a)|tun(?:ed|ing) (?:the|our)|adjust(?:ed|ing) (?:the|our)|reset(?:ting)? (?:the|our)|re-?deliver(?:ed|ing))\b",
    r"\b(?:deploy(?:ed|ing)|releas(?:ed|ing)|roll(?:ed|ing) out|appl(?:ied|ying)|push(?:ed|ing)|implement(?:ed|ing)|ship(?:ped|ping)|submitt(?:ed|ing))\b[^.;!?\n]{0,40}\b(?:fix(?:es)?|patch(?:es)?|hotfix|mitigations?|change|workaround|configuration|build|update|remediation)\b (?:for|to|in|across|that|which|of|on|from|by)\b",
    r"\bfix(?:es)? (?:has|have|was|were|is) (?:been |being )?(?:deployed|rolled out|released|applied) (?:to|in|across|for|on)\b",
    r"\b(?:failover|restart|rollback|reindex|restore|restoration|rebuild|reboot|replay|backfill)\w*(?: process| work| operation)? (?:is|has been|was) (?:complete|completed|underway|under way|in progress|initiated|started|running)\b",
    r"\bescalated (?:to|with)\b", r"\bby (?:adding|scaling|disabling|restarting|rolling|reverting|rerouting|re-routing|increasing|removing|failing|throttling|switching|blocking|replacing)\b",
)  # fmt: skip
ACTION_VETO = (
    r"\b(?:will|plan(?:ning|s|ned)? to|going to|intend to|about to|expect(?:ed|ing)? to|may|might|consider(?:ing)?|should|can|please|try(?:ing)?|if you|need to|recommend|advis)\b[^.;!?\n]{0,40}$",
    r"\bno longer$",
)

WORKAROUND = (
    r"\bwork-?arounds?\b[^.;!?\n]{0,80}", r"\bas an alternative\b", r"\balternatively\b", r"\b(?:in the meantime|meanwhile|for now)\b,? (?:you|users|customers|please|we (?:recommend|suggest|advise))[^.;!?\n]{0,80}",
    r"\b(?:please|kindly) (?:re-?try|retry|try|refresh|use|clear|restart|reload|switch|re-?run|log (?:out|in|back)|sign (?:out|in|back)|update|upgrade|re-?connect|re-?install|avoid|check|follow|re-?send|reset|quit|do not|don['’]t|re-?submit|re-?deploy|close|reopen|download|enable|disable|contact [a-z ]{0,30}to (?:restore|recover|unblock|have))\b[^.;!?\n]{0,60}",
    r"\b(?:users|customers|you|admins|administrators|developers|partners|affected users|impacted customers) (?:can|could|may(?: be able to)?|should(?: be able to)?|will need to|need to|must|are advised to|are encouraged to|may need to|might need to|may want to) (?:still |also |now |instead |continue to )?(?:re-?try|retry|try|refresh|use|using|clear|restart|reload|switch|re-?run|log (?:out|in|back)|sign (?:out|in|back)|update|upgrade|re-?connect|re-?install|avoid|follow|re-?send|reset|access|re-?submit|re-?deploy|close|open a|work around|bypass|manually|re-?create|fail ?over|migrate|configure|set|specify|select|choose|download|force|quit|re-?authenticate|mitigate)\b[^.;!?\n]{0,60}",
    r"\b(?:we )?(?:recommend|suggest|advise)(?:ed|s|ing)? (?:you |users |customers |that |using |trying |to |restarting |switching |retrying |re-?running |refreshing |clearing )[^.;!?\n]{0,60}",
    r"\b(?:re-?try(?:ing)?|refreshing|reloading|restarting|clearing (?:the |your )?(?:cache|cookies)|logging out)\b[^.;!?\n]{0,40}\b(?:may|might|should|will|can|could|resolves?|helps?|fix(?:es)?|mitigates?|be successful|succeed)\b",
    r"(?:^|[.!?:]\s+)(?:re-?try|refresh|use|clear|restart|reload|switch to|re-?run|log out|sign out|quit|try|disable|enable|follow these steps|go to|run)\b [^.;!?\n]{3,80}",
    r"\bno action (?:is |was )?(?:required|needed)\b", r"\bother (?:models?|regions?|methods?|browsers?) (?:are|remain) (?:available|unaffected|working)",
    r"\bif you (?:are|still|continue|have|need|experience|encounter|see)[^.;!?\n]{0,80}(?:please|try|you can|re-?start|reload|refresh|clear|restart)\b[^.;!?\n]{0,50}",
)  # fmt: skip
WORKAROUND_VETO = (
    r"\bwork-?arounds?\b\W{0,4}(?:is |are |at this time )?(?:none|n/a|no\b|not\b|unknown|tbd)", r"\bno (?:known )?work-?arounds?\b", r"\bworking on (?:a |the )?(?:temporary )?work-?around",
    r"\bplease (?:contact|reach out|visit|see|refer|check) (?:us|our|support|the status|this page|back|your account|https?)", r"\bplease (?:accept|bear|note|know|stay|be (?:aware|assured|advised)|follow (?:along|this|us))", r"\bcheck (?:back|this page|here|status|our status)",
    r"\b(?:investigat|identif|look(?:ing)? (?:in)?to|explor)\w*[^.;!?\n]{0,20}\bwork-?around", r"\bif you (?:have|experience|see|are)[^.;!?\n]{0,60}\b(?:contact|reach|open a (?:case|ticket)|let us know)\b",
)  # fmt: skip

# Features most customers would recognise by name, whoever the vendor is.
FEATURE = r"\b(?:(?:[a-z]+ )?apis?|graphql|rest api|dashboards?|log[- ]?ins?|sign[- ]?ins?|sign[- ]?ups?|authentication|single sign-on|sso|saml|scim|oauth|2fa|mfa|web ?hooks?|workflows?|uploads?|downloads?|attachments?|search|notifications?|e-?mails?|smtp|imap|inbox|calendars?|messag(?:es|ing)|threads?|channels?|files? (?:upload|download|sharing|storage)|calls?|meetings?|video|audio|huddles?|push notifications?|sms|deploy(?:ment)?s?|builds?|pipelines?|actions|runners?|packages?|registry|repositor(?:y|ies)|pull requests?|issues page|git operations|clone|codespaces?|copilot|pages|billing|invoices?|payments?|checkout|payouts?|refunds?|subscriptions?|reports?|reporting|analytics|metrics|logs|logging|logpush|alerts?|alerting|monitoring service|exports?|imports?|backups?|snapshots?|dns|cdn|cache|caching|ssl|tls|certificates?|load balancers?|vpn|tunnels?|workers?|functions?|lambda|s3|ec2|storage|object storage|block storage|volumes?|droplets?|instances?|virtual machines?|vms?|databases?|sql|bigquery|bigtable|pub/sub|kubernetes|clusters?|containers?|mobile apps?|desktop apps?|ios|android|web (?:app|ui|interface|console)|console|control panel|admin (?:panel|console|portal|ui|interface)|customer portal|support portal|portal|website|marketplace|app store|integrations?|connectors?|bots?|automations?|rules|boards?|cards|tickets?|projects?|wiki|templates?|forms?|maps?|images?|streams?|streaming|media|chat|completions?|embeddings?|fine-tuning|models?|playground|voice|telephony|ivr|queues?|jobs?|cron|scheduled (?:tasks|jobs)|firewall|waf|ddos protection|routing|network(?:ing)?|interconnect|access control|permissions?|user management|provisioning|onboarding|identity|directory|sync(?:ing|hronization)?|crm|helpdesk|chatbot|feeds?|data (?:plane|pipeline|processing|ingestion)|event(?:s)? (?:processing|ingestion)|error ingestion|ingestion|indexing|query(?:ing)?|queries)\b"
# Words that only look like features in these phrases.
FEATURE_VETO = (
    r"\b(?:monitoring|investigating|reports? of|status page|statuspage|support (?:team|ticket|case)|open a (?:case|ticket)|root cause analysis|incident report|more information|this issue|these issues|the issue|keep you updated|action(?:s)? (?:is|are|was)? ?(?:required|needed|taken)|email (?:updates|us)|error messages?|log files?|calls? to action|further (?:updates|notice)|in search of|model(?:ing|led)|on the (?:status )?page|update this page|this page|the right actions?|corrective actions?|preventive actions?|mitigation actions?|necessary actions?|https?://\S+)",
)

REGION = (
    r"\b(?:us|eu|ap|ca|sa|af|me|cn|il|mx|uk|in|au|asia|europe|northamerica|southamerica|australia|africa|me)-(?:(?:gov|iso)-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)[a-z]*-?\d?[a-f]?\b",
    r"\b(?:us|eu)(?:east|west|central|north|south)\d?\b", r"\b(?:us|eu|apac|emea|latam|anz)\b(?:[- ](?:east|west|central|north|south|region|tenant|datacent|customers|users|cluster|instance)\w*)?",
    r"\b(?:east|west|north|south|central|southeast|northeast) (?:us|asia|europe|india|brazil|japan|korea|australia|uk|africa|america)\b(?: \d)?", r"\b(?:west|north|south|east|central)(?:europe|us|asia|india)\b",
    r"\b(?:north|south|latin|central) america\b", r"\bnorthern (?:virginia|california)\b", r"\b(?:nyc|sfo|ams|sgp|lon|fra|tor|blr|syd|iad|lhr|cdg|nrt|sin|dub|atl|ord|dfw|sea|lax|mia|sjc)\d?\b",
    r"\b[a-z]{2}\d{1,3}\b (?:instance|region|pod|stack|cluster|datacent\w+)", r"\b(?:na|eu|ap|cs|um|usa|ind|jpn|aus|gbr|deu|fra|can|bra)\d{1,4}s?\b",
    r"\ball (?:[a-z]+ )?(?:regions|locations|data ?cent(?:er|re)s|zones|users|customers|tenants|sites|plans|workspaces|organi[sz]ations|products|accounts)\b", r"\bglobal(?:ly)?\b", r"\bworld-?wide\b", r"\bmulti-?region(?:al)?\b", r"\bavailability zones?\b", r"\b(?:one|a single|multiple|several|some|certain|two|three|other) (?:of our )?(?:regions?|data ?cent(?:er|re)s?|availability zones?|zones?|locations?|pops?)\b",
    r"\b(?:android|ios|iphones?|ipads?|macos|mac|windows|linux|chrome|firefox|safari|edge browser|desktop (?:app|client)s?|mobile (?:app|client|device)s?|web (?:app|client|version)|browsers?)\b",
    r"\b(?:enterprise(?: grid)?|premium|business|free|pro|standard|team|trial|paid|plus|basic|starter|eu|us|gov(?:ernment)?(?: cloud)?|ghe|on-prem(?:ise)?s?|self-hosted|byok|private cloud) (?:plan|tier|edition|customers?|users?|accounts?|workspaces?|tenants?|organi[sz]ations?|subscribers?|sites?|instances?)\b",
)  # fmt: skip
REGION_VETO = (r"us/(?:pacific|eastern|central|mountain)",)
PLACES = frozenset(
    ["africa", "asia", "europe", "oceania", "australia", "austria", "belgium", "brazil", "bulgaria", "canada", "chile", "china", "colombia", "croatia", "cyprus", "czechia", "denmark", "egypt", "england", "estonia", "finland", "france", "germany", "ghana", "greece", "hungary", "iceland", "india", "indonesia", "ireland", "israel", "italy", "japan", "kenya", "korea", "latvia", "lithuania", "luxembourg", "malaysia", "malta", "mexico", "morocco", "netherlands", "nigeria", "norway", "pakistan", "peru", "philippines", "poland", "portugal", "qatar", "romania", "russia", "scotland", "serbia", "singapore", "slovakia", "slovenia", "spain", "sweden", "switzerland", "taiwan", "thailand", "turkey", "ukraine", "uae", "uk", "usa", "vietnam", "wales", "america", "american", "european", "asian", "australian", "canadian", "indian", "brazilian", "amsterdam", "ashburn", "athens", "atlanta", "auckland", "bangalore", "bangkok", "barcelona", "beijing", "belgrade", "berlin", "bogota", "boston", "brisbane", "brussels", "bucharest", "budapest", "cairo", "chennai", "chicago", "chuncheon", "copenhagen", "dallas", "delhi", "denver", "doha", "dubai", "dublin", "dusseldorf", "frankfurt", "geneva", "hamburg", "hanoi", "helsinki", "houston", "hyderabad", "istanbul", "jakarta", "johannesburg", "karachi", "kyiv", "lagos", "lisbon", "london", "madrid", "manchester", "manila", "marseille", "melbourne", "miami", "milan", "montreal", "moscow", "mumbai", "munich", "nairobi", "newark", "newcastle", "ohio", "oregon", "osaka", "oslo", "ottawa", "paris", "perth", "phoenix", "portland", "prague", "riyadh", "rome", "salvador", "seattle", "seoul", "shanghai", "sofia", "stockholm", "sydney", "taipei", "tallinn", "tokyo", "toronto", "vancouver", "vienna", "virginia", "warsaw", "washington", "zurich", "california", "texas", "iowa", "illinois", "frankfurt"]
)  # a gazetteer of places clouds name as regions; countries, continents, capitals and exchange cities

NOT_NAMES = frozenset(
    ["we", "our", "us", "i", "the", "this", "that", "these", "those", "there", "it", "its", "he", "she", "they", "their", "a", "an", "and", "or", "but", "so", "as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "with", "within", "without", "after", "before", "during", "while", "when", "where", "which", "who", "what", "why", "how", "if", "please", "thank", "thanks", "sorry", "update", "updates", "summary", "description", "diagnosis", "workaround", "details", "impact", "status", "incident", "incidents", "issue", "issues", "outage", "resolved", "resolving", "monitoring", "investigating", "identified", "postmortem", "maintenance", "scheduled", "completed", "next", "previous", "current", "currently", "today", "tomorrow", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "am", "pm", "utc", "gmt", "pst", "pdt", "est", "edt", "cet", "cest", "bst", "pt", "et", "ist", "jst", "pacific", "eastern", "customers", "customer", "users", "user", "all", "some", "most", "many", "no", "not", "none", "other", "any", "each", "every", "both", "few", "several", "engineering", "engineers", "engineer", "team", "teams", "support", "root", "cause", "fix", "fixes", "service", "services", "system", "systems", "however", "additionally", "furthermore", "also", "meanwhile", "since", "due", "because", "although", "though", "once", "until", "now", "then", "here", "again", "still", "only", "just", "more", "less", "additional", "affected", "impacted", "between", "starting", "started", "approximately", "systems", "everything", "everyone", "everybody", "nothing", "something", "our", "we're", "we've", "we’re", "we’ve", "i'm", "you", "your", "you're", "let", "error", "errors", "begin", "beginning", "end", "ended", "start", "time", "times", "date", "duration", "region", "regions", "products", "product", "symptoms", "symptom", "mitigation", "steps", "actions", "taken", "preliminary", "final", "report", "analysis", "overview", "background", "timeline", "remediation", "prevention", "conclusion", "apologies", "apologize", "best", "regards", "kind", "follow", "follow-up", "eta", "rca", "sla", "faq", "n/a", "tbd", "ok", "http", "https", "url", "id", "ids"]
)  # capitalised words that name no product

CANNED = (
    r"we are (?:continuing|still continuing) to (?:investigate|work on a fix for|monitor)(?: (?:this|the|for)(?: any further)? issues?)?",
    r"(?:we are |we're |we’re )?(?:currently |still |actively )?(?:investigating|looking into|aware of|working on|monitoring) (?:this|the|an|a reported|these|potential|possible|reports of an?|reports of|some)? ?(?:current |potential |new |reported )?(?:issues?|incident|problem|situation|reports?)(?: and will (?:provide|post|share) (?:an |further |more )?(?:updates?|information)(?: (?:soon|shortly|as (?:soon as )?(?:possible|available|they become available)))?)?",
    r"the (?:issue|problem|incident|root cause|cause) has been (?:identified|found|located)(?: and (?:a fix is being (?:implemented|worked on|deployed|prepared)|we are working on a (?:fix|resolution|solution)|our team is working on (?:it|a fix)))?",
    r"a (?:fix|solution|mitigation|resolution) (?:has been|was|is being) (?:implemented|deployed|applied|put in place|rolled out)(?: and we are (?:currently |now )?monitoring(?: the (?:results|situation|system|systems))?)?",
    r"(?:we have |we've |we’ve )?(?:implemented|deployed|applied) a (?:fix|mitigation)(?: and are (?:currently |now )?monitoring(?: the (?:results|situation))?)?",
    r"(?:this|the) (?:incident|issue|problem|event) (?:has been|was|is|is now|has now been) (?:fully )?(?:resolved|fixed|closed|mitigated|completed?)",
    r"(?:this|the) (?:scheduled )?maintenance (?:has been|was|is) (?:completed|in progress|finished).*",
    r"(?:all )?(?:systems?|services?|everything) (?:is|are|have|has)(?: now| been)? (?:back to normal|operational|restored|fully operational|operating normally|operating as expected)",
    r"(?:we are |we're )?continuing to (?:investigate|monitor|work on)(?: (?:this|the|for any further)? ?(?:issues?|incident|situation|results|a fix))?",
    r"(?:we will|we'll|we’ll) (?:provide|post|share|keep you|continue to (?:provide|post|share)|update)(?: you)?(?: (?:with )?(?:(?:an|another|more|further|additional|the next) )?(?:updates?|information|details|posted|updated))?(?: (?:soon|shortly|as (?:soon as )?(?:possible|available|we (?:have|know|learn) more|(?:it|they|more)(?: information)? becomes? available)|when (?:we have|available).*))?",
    r"(?:we )?(?:apologi[sz]e|are sorry|we're sorry|sorry) for (?:any|the) (?:inconvenience|disruption|trouble|impact).*", r"thank you for (?:your|bearing).*", r"(?:thanks|thank you).*", r"we appreciate your (?:patience|understanding).*",
    r"(?:update|resolved|investigating|identified|monitoring|completed|fixed|closed|postmortem)", r"no (?:further|new) updates?(?: at this time)?",
)  # fmt: skip
SHORTEST_MEANING = 45  # characters; method.md Appendix B: any shorter text is canned unless it carries an element
