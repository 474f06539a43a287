"""The words each element is recognised by: RE2 patterns (linear time on any text), tried on lower-cased text.

An element's guideline is quoted beside its patterns. Patterns find candidates; the vetoes of the same element drop
those whose *sentence* says the opposite (a plan, a negation, a phrase without content).
"""

from __future__ import annotations

from assessments.scoring.words.gazetteer import PLACES

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
NEXT_UPDATE_EXTRA = (
    r"\bhourly (?:status )?updates?\b", r"\bupdates? (?:hourly|every (?:hour|half[- ]hour|\d+ minutes))\b",
    # "resolution will require approximately 15 minutes, and will provide an update within that time"
    SPAN_OF_TIME + r",? and (?:we )?will (?:provide|post|share|give) an? (?:further |status )?update (?:within|in|by) that (?:time|window)",
)  # fmt: skip
NEXT_UPDATE_VETO = (
    r"\bupdated data\b", r"\bupdate to the [^.;!?\n]{0,40} was\b",
    r"(?:last|previous|prior|earlier) update", r"updated (?:at|in|by|within)\b", r"\b(?:was|were|been) (?:up)?dated?\b",
    r"update(?:s|d)? (?:was|were|has been|had been|have been)\b", r"\b(?:software|firmware|os|security|system|configuration|config|kernel|database) update",
    r"since (?:the|our) (?:last )?update",
)  # fmt: skip

SYMPTOM = (
    r"\berrors?\b(?: (?:rates?|messages?|codes?|responses?))?", r"\berroneous", r"\blatenc(?:y|ies)", r"\btime[sd]?[ -]?outs?\b", r"\btiming out",
    r"\bunable to\b", r"\b(?:not|n't|never) (?:be )?able to\b", r"\bcan(?:not|'t|’t)\b", r"\b(?:could|can) not\b", r"\b(?:couldn|can)['’]t\b",
    r"\bfail(?:s|ed|ing|ures?)\b", r"\bfail to\b", r"\bdelay(?:s|ed|ing)?\b", r"\bslow(?:er|ness|ly|down|downs)?\b",
    r"\bunavailab(?:le|ility)\b", r"\bnot available\b", r"\binaccessib(?:le|ility)\b", r"\bunreachable\b", r"\bunresponsive\b",
    r"\bdegrad(?:ed|ing)\b", r"\bperformance degradation\b", r"\bdegradation (?:of|in)\b", r"\bintermittent(?:ly)?\b", r"\b[45](?:\d\d|xx)\b", r"\bpacket loss\b", r"\bconnect(?:ivity|ion) (?:issues?|problems?|errors?|loss|failures?|drops?)",
    r"\bconnectivity\b", r"\btrouble (?:with|load|send|connect|access|sign|log|upload|receiv|using)", r"\bdifficult(?:y|ies)\b", r"\binaccura(?:te|cies|cy)\b",
    r"\bincorrect(?:ly)?\b", r"\bmissing\b", r"\bstale\b", r"\bduplicate[ds]?\b", r"\bcrash(?:es|ed|ing)?\b", r"\bhang(?:s|ing)?\b", r"\bstuck\b",
    r"\bdown\b", r"\boutages?\b", r"\boffline\b", r"\bdisconnect(?:ed|ions?|ing|s)?\b", r"\bdropp(?:ed|ing)\b", r"\bqueu(?:ed|ing|e times?)\b",
    r"\bbacklog\b", r"\bnot (?:load|work|display|send|deliver|appear|process|receiv|sync|respond|function|render|show|updat|return|complet|start|trigger|generat|being)\w*",
    r"\b(?:isn|aren|wasn|weren|doesn|don|didn|won)['’]t (?:load|work|display|send|deliver|appear|process|receiv|sync|respond|function|render|show|updat|return|complet|start|trigger|able|being)\w*",
    r"\bblank (?:page|screen)", r"\brate[- ]limit(?:s|ed|ing)?\b", r"\bpoor performance\b", r"\bperformance (?:issues?|degradation|problems?|impact)",
    r"\bdata loss\b", r"\blost\b", r"\blogged out\b", r"\bblocked\b", r"\brejected\b", r"\binterrupt(?:ed|ions?)\b", r"\bdisrupt(?:ed|ions?|ing)\b", r"\bbroken\b", r"\blonger than\b",
    r"\bpoor (?:quality|audio|video)", r"\bincreased (?:response|processing|load|wait)", r"\bhigh (?:response|load|queue|failure)", r"\binvalid\b", r"\bunexpected(?:ly)?\b", r"\bmalfunction", r"\b(?:wrong|suspended|outdated|broken|error) (?:[a-z]+ )?(?:state|status|results?|values?|data|version)s?\b",
)  # fmt: skip
SYMPTOM_VETO = (
    r"\bfail(?:ed|ing|s)?[ -]?over\b",
    r"\b(?:scal|ramp|cool|drain|shut|roll|slow)(?:ed|ing)? down to\b",
    r"\b(?:not|n't|n’t) down\b",
    r"\b(?:no|without|zero) (?:further |more |longer )?(?:errors?|delays?|failures?|data loss)\b",
    r"no longer (?:be )?(?:experienc|see|fail|having)",
    r"\bno (?:customer )?data (?:is|was|were|has been|will be) lost\b",
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
    r"\b(?:due to|caused by|as a result of|because of|because|result(?:ed|ing|s) from|stem(?:s|med|ming) from|triggered by|attribut(?:ed|able) to|originat(?:ed|ing) (?:from|in|at)|owing to|traced (?:back )?to|led to by|introduced by)\b",
    r"\broot cause (?:is|was|has been (?:identified as|determined to be|traced)|turned out|appears to be)\b", r"\bthe cause (?:is|was) (?:a|an|the|our)\b",
    r"\b(?:a|an|the) (?:recent |faulty |bad |bug in |failed |misconfigured |incorrect |hardware |power |network |upstream |configuration |third[- ]party |software )+[^.;!?\n]{0,60}?(?:caused|led to|resulted in|triggered|introduced|broke|is causing|was causing)\b",
    r"\bmisconfigur(?:ation|ed)\b", r"\b(?:bug|regression|defect) (?:in|introduced|that)\b",
    r"\b(?:incident|issue|issues|outage|problem|problems|disruption) (?:at|with|on) (?:our|one of our|an?|the) (?:upstream|third[- ]party|external|cloud|hosting|cdn|dns|network|infrastructure|email|payment|underlying)? ?(?:service )?(?:provider|vendor|supplier|partner|carrier)",
    r"\bwas (?:deployed|released|introduced) (?:that|which) (?:caused|broke|led)",
    # "we made a change that inadvertently caused"; "a recent infrastructure change altered"
    r"\b(?:changes?|updates?|upgrades?|migrations?|deployments?|releases?|rollouts?|maintenance)\b(?: published| made| deployed| released)?[^.;!?\n]{0,30}?\b(?:that|which)? ?(?:inadvertently |unintentionally |accidentally )?(?:caused|causing|resulted in|led to|broke|altered|removed|introduced|prevented|triggered)\b",
    r"\b(?:changes?|updates?|upgrades?|migrations?|deployments?|releases?|rollouts?|maintenance)\b[^.;!?\n]{0,30}?\b(?:that|which) (?:ha[sd] |have )?(?:affected|impacted)\b",
    # "identified an infrastructure change", "a change we believe is contributing", "is related to maintenance"
    r"\b(?:identified|found|isolated|suspect|discovered) (?:an?|the|some) (?:[a-z-]+ ){0,3}(?:change|deploy(?:ment)?|release|update|commit|migration)s?\b", r"\bchanges? (?:that )?(?:we believe |is believed to |appears to |may |might )?(?:is |be |are )?(?:contribut\w+|correlat\w+)", r"\bchange (?:was|is) incompatible\b",
    r"\brelated to (?:the |our |an? )?(?:[a-z]+ ){0,2}maintenance\b", r"\ban? regression\b", r"\btraced (?:[a-z]+ ){1,4}to\b",
    # what fails by itself, or is done to a vendor
    r"\b(?:power (?:loss|outage|failure|event|issue)|loss of power|lost power|fib(?:er|re)(?:[- ]optic)? (?:cable )?(?:cut|damage|break)s?|cable (?:cut|being cut)|hardware (?:failure|fault|malfunction|issue|problem)s?|failed (?:hardware|disk|switch|host|node|drive)s?|thermal event|expired (?:ssl |tls )?cert\w*|cert\w* (?:had |has )?expir\w*|(?:disk|storage) (?:full|space exhaustion)|out of (?:memory|disk space)|(?:d?dos|denial[- ]of[- ]service)(?: attacks?)?|network attack|attack traffic)\b",
    r"\bcaused (?:in part |partly |primarily |mainly )?by\b", r"\bidentified as (?:an?|the)\b", r"\btraced (?:down|back)? ?to\b", r"\b(?:investigations?|evidence|findings|analysis|indications?|indicators|logs|everything|signs)\b[^.;!?\n]{0,30}\bpoints? to\b", r"\brelated to (?:an?|the) (?:recent |faulty |downstream |upstream |failed |hardware |network )*(?:change|bug|outage|deployment|release|update|failure|configuration|provider|migration|certificate)",
    # "an issue with the routing service which is causing errors"
    r"\b(?:issue|problem|bug|error|failure|fault|outage|incident|disruption|overload|spike|surge|defect)s?\b (?:with|in|on|at|affecting|impacting|of)\b[^.;!?\n]{2,70}? (?:that|which) (?:is |are |was |were |has |have )?(?:been )?(?:causing|caused|preventing|prevented|resulted|resulting|led|leading)\b",
    r"\bour (?:[a-z]+[ -]){0,3}(?:provider|vendor|supplier|carrier|partner)s?\b[^.;!?\n]{0,20}\b(?:experienc\w+|suffer\w+|having|noted|reported|identified|(?:has|had|have) an?)\b",
    r"\b(?:abnormal|unusual|unexpected|sudden|surge|spike|burst)\b (?:(?:high|large) )?(?:amount|increase|volume|number|spike|surge|burst|in|of|load|traffic)\b", r"\b(?:db|database|system|server|queue|memory|cpu|disk) (?:overload|exhaustion|saturation)\b", r"\b(?:identified|found|uncovered|discovered) (?:an?|the) (?:[a-z]+ )?(?:bug|regression|defect|misconfiguration)\b",
)  # fmt: skip
# A provider's own outage is a cause, on anyone's page but its own.
_PROVIDERS = r"(?:aws|amazon web services|amazon|gcp|google cloud|google|azure|microsoft|office 365|cloudflare|fastly|akamai|heroku|digital ?ocean|twilio|sendgrid|docker ?hub|github|vercel|imgix|oracle|openai|okta|auth0|slack|zoom|stripe|mailgun|atlassian)\b"
_TROUBLE = r"(?:outage|incident|issue|problem|disruption|degradation)s?\b"
PROVIDER_DOWN = (
    rf"\b{_PROVIDERS}(?:'s)?(?: \([a-z]+\))? (?:currently |also )?(?:(?:has|have|had|is having|are having|is experiencing|are experiencing|experienced|suffered|is suffering) (?:an? |some )?(?:major |ongoing |widespread |significant |partial |known |open )?{_TROUBLE}|(?:service )?(?:outage|disruption)s?\b)",
    rf"\b{_PROVIDERS} (?:is|are|was|were) (?:currently )?(?:investigating|reporting|looking into) (?:an? |some )?{_TROUBLE}",
    rf"\b{_TROUBLE} (?:at|with|on|within|in|from|by|of|affecting|impacting) (?:the |our )?(?:[a-z]+ ){{0,4}}{_PROVIDERS}",
    rf"\b{_PROVIDERS} (?:is|are) (?:[a-z]+ ){{0,2}}working\b[^.;!?\n]{{0,60}}\b{_TROUBLE}",
    rf"\b(?:related|due|linked|traced|attributed|owing) (?:back )?to (?:[a-z]+ ){{0,7}}{_PROVIDERS}",
)
# Somebody else's product that ours works with is no outage of theirs; nor is one that does not touch us.
PROVIDER_DOWN_VETO = (
    rf"\b{_PROVIDERS} (?:[a-z0-9]+ ){{0,4}}(?:integrations?|applications?|apps?|sign[- ]?ins?|log[- ]?ins?|notifications?|sync\w*|connectors?|credentials|users|plugins?|add-?ins?)\b",
    r"\b(?:no|not)\b[^.;!?\n]{0,40}\b(?:impacted|affected|caused) by\b[^.;!?\n]{0,60}",
)
CAUSE_VETO = (
    r"\b(?:spike|surge|burst|increase)s? (?:in|of) (?:[a-z]+ |http |\d+ |[45]xx )?(?:errors?|failures?|time-?outs?|latenc\w+|error rates?|reports?)\b",
    r"\b(?:traffic|requests?|users|customers|posts?|publish\w*|mails?|connections) originat\w+", r"\broot cause (?:is|was|has) (?:still|being|not|under|yet|unknown|currently|been (?:found|identified|fixed|resolved|determined)\W)",
    r"\b(?:as a result of|result\w* from|due to|because of|caused by|triggered by) (?:this|these|that|those|the mitigations?|mitigations?|our (?:internal |automated )?(?:monitor|alert)\w*)\b", r"\bbecause (?:it|this|that|we|you)\b",
    r"\b(?:due to|caused by|because of) (?:an? |the |some )?(?:(?:increased|high|higher|elevated|intermittent) )*(?:latency|time-?outs?|errors?|delays?|error rates?|slowness|degraded performance)\b\W*(?:$|[.,;])",
    r"\b(?:identif(?:y|ied|ying)|investigat\w*|determin\w*|find|found|finding|looking (?:in)?to|isolat\w*|understand\w*|confirm\w*|know|discover\w*|pinpoint\w*)\b[^.;!?\n]{0,25}\broot cause\b[^.;!?\n]{0,12}(?:$|and\b|of (?:the|this) (?:issue|problem|incident)\b\W*$|[.,;])",
    r"\bdue to (?:this|the) (?:issue|incident|outage|problem|disruption|ongoing)\b", r"\b(?:because of|as a result of|caused by|due to) (?:this|the|an?|some|it)? ?(?:ongoing |internal |current |unknown |technical |earlier |previous )?(?:issue|incident|outage|problem|disruption|event|maintenance window)s?\b\W*(?:$|[.,;]|and\b)",
    r"\b(?:apologi[sz]e|sorry|regret)\b[^.;!?\n]{0,70}(?:caused|due to|because|result)", r"\b(?:inconvenience|disruption|trouble|frustration|impact) (?:this|it|that) (?:may have |has |might have )?caused?",
    r"\binconvenience caused\b", r"\bdue to the (?:widespread|severe|ongoing|high|broad|current) (?:impact|nature|severity|situation)", r"\bnot (?:attributable|related|due|caused)\b[^.;!?\n]{0,20}", r"\brelated (?:services|products|questions)\b",
)  # fmt: skip

ACTION = (
    r"\b(?:roll(?:ed|ing)|rolls?) ?back\b", r"\brollback (?:has|was|is|of|complet|underway|in progress|to)\b", r"\brevert(?:ed|ing)\b", r"\bfail(?:ed|ing)? ?-?over\b", r"\bswitch(?:ed|ing) (?:over|back|to|traffic)\b",
    r"\b(?:restart|reboot|recycl|redeploy)(?:ed|ing|e?s)?\b", r"\b(?:scal(?:ed|ing)|ramp(?:ed|ing)) (?:up|out|down|back)\b", r"\b(?:add(?:ed|ing)|increas(?:ed|ing)|provision(?:ed|ing)|expand(?:ed|ing))\b[^.;!?\n]{0,35}\b(?:capacity|servers?|resources?|nodes?|instances?|workers?|limits?|memory|disk|replicas?)\b",
    r"\b(?:re-?rout|redirect|divert|shift|drain|steer)(?:ed|ing)\b[^.;!?\n]{0,40}\b(?:traffic|requests?|load|users|customers|away|around|to)\b", r"\bre-?rout(?:ed|ing)\b", r"\bthrottl(?:ed|ing)\b[^.;!?\n]{0,40}", r"\b(?:disabled|disabling|turned off|turning off|paused|pausing|suspended)\b[^.;!?\n]{0,60}", r"\bre-?enabl(?:ed|ing)\b",
    r"\b(?:replac(?:ed|ing)|repair(?:ed|ing)|rebuil(?:t|ding)|re-?index(?:ed|ing)|purg(?:ed|ing)|flush(?:ed|ing)|clear(?:ed|ing) (?:the|out|our|a)|reprocess(?:ed|ing)|replay(?:ed|ing)|backfill(?:ed|ing)|resync(?:ed|ing|hroni[sz]\w*)|migrat(?:ed|ing)|block(?:ed|ing) (?:the|malicious|traffic)|isolat(?:ed|ing) (?:the|affected)|remov(?:ed|ing) (?:the|a|an|faulty|affected|bad|unhealthy)|upgrad(?:ed|ing) (?:the|our)|patch(?:ed|ing) (?:the|our|a)|rotat(?:ed|ing) (?:the|our)|renew(?:ed|ing) (?:the|our|a)|tun(?:ed|ing) (?:the|our)|adjust(?:ed|ing) (?:the|our)|reset(?:ting)? (?:the|our)|re-?deliver(?:ed|ing))\b",
    r"\b(?:deploy(?:ed|ing)|releas(?:ed|ing)|roll(?:ed|ing) out|appl(?:ied|ying)|push(?:ed|ing)|implement(?:ed|ing)|ship(?:ped|ping)|submitt(?:ed|ing))\b[^.;!?\n]{0,40}\b(?:fix(?:es)?|patch(?:es)?|hotfix|mitigations?|change|workaround|configuration|build|update|remediation)\b (?:for|to|in|across|that|which|of|on|from|by)\b",
    r"\bfix(?:es)? (?:has|have|was|were|is) (?:been |being )?(?:deployed|rolled out|released|applied) (?:to|in|across|for|on)\b",
    r"\b(?:failover|restart|rollback|reindex|restore|restoration|rebuild|reboot|replay|backfill)\w*(?: process| work| operation)? (?:is|has been|was) (?:complete|completed|underway|under way|in progress|initiated|started|running)\b",
    r"\btraffic engineering\b", r"\b(?:data |background )?(?:refresh|import|migration|re-?sync)(?: job)? (?:is|has) (?:still |currently |now )*(?:in progress|running|completed|underway)\b", r"\b(?:successfully )re-?imported\b", r"\bsuccessfully imported\b", r"\bdeployed changes that\b", r"\b(?:work(?:ing)?|process(?:ing|ed)?|catch(?:ing)? up)\b[^.;!?\n]{0,20}\b(?:backlog|queued|queue of)\b", r"\baccelerat(?:ed|ing) (?:the|our)\b", r"\blive-?migrat(?:ed|ing)\b", r"\bdeploy(?:ed|ing) (?:additional|more|extra) capacity\b", r"\bcomplete (?:a |the )?(?:re-?index(?:ing)?|re-?build|restore|replay|backfill)\b", r"\b(?:bulk |global |full |partial )(?:restoration|rollback|restart|restore)\b", r"\bmanual(?:ly)? (?:restart|remov|restor|clear|reset|re-?run)\w*",
    r"\bescalated (?:to|with)\b", r"\bby (?:adding|scaling|disabling|restarting|rolling|reverting|rerouting|re-routing|increasing|removing|failing|throttling|switching|blocking|replacing)\b",
)  # fmt: skip
ACTION_VETO = (
    r"\b(?:will|plan(?:ning|s|ned)? to|going to|intend to|about to|expect(?:ed|ing)? to|may|might|consider(?:ing)?|should|can|please|try(?:ing)?|if you|need to|recommend|advis)\b[^.;!?\n]{0,40}$",
    r"\bno longer$",
)
# A fix said to be for "this issue" says nothing of what was done.
ACTION_VAGUE = r"(?:deploy|releas|roll|appl|push|implement|ship|submitt|fix|disabl|purg)"  # words that need an object to say anything
ACTION_EMPTY = r"\b(?:fix(?:es)?|patch(?:es)?|hotfix|mitigations?|change|workaround|update|remediation)\b (?:to|for|that|which|of|on) (?:fully |help )?(?:resolve|address|fix|mitigate|correct|remediate|this|these|the (?:issue|incident|problem)|the (?:residual|remaining)|restore|will)\b|\bdisabled (?:state|accounts?)\b|\bcache purging\b"

WORKAROUND = (
    r"\bwork-?arounds?\b[^.;!?\n]{0,80}", r"\bas an alternative\b", r"\balternatively\b", r"\b(?:in the meantime|meanwhile|for now)\b,? (?:you|users|customers|please|we (?:recommend|suggest|advise))[^.;!?\n]{0,80}",
    r"\b(?:please|kindly) (?:re-?try|retry|try|refresh|use|clear|restart|reload|switch|re-?run|log (?:out|in|back)|sign (?:out|in|back)|update|upgrade|re-?connect|re-?install|avoid|check|follow|re-?send|reset|quit|do not|don['’]t|re-?submit|re-?deploy|close|reopen|download|enable|disable|contact [a-z ]{0,30}to (?:restore|recover|unblock|have))\b[^.;!?\n]{0,60}",
    r"\b(?:users|customers|you|admins|administrators|developers|partners|affected users|impacted customers) (?:can|could|may(?: be able to)?|should|will need to|need to|must|are advised to|are encouraged to|may need to|might need to|may want to|may be required to|may consider|should consider|to consider) (?:still |also |now |instead |continue to |consider )?(?:re-?try|retry|try|refresh|use|using|clear|restart|reload|switch|re-?run|log (?:out|in|back)|sign (?:out|in|back)|update|upgrade|re-?connect|re-?install|avoid|follow|re-?send|reset|re-?submit|re-?deploy|close|open a|work around|bypass|manually|re-?create|fail ?over|migrate|configure|set|specify|select|choose|download|force|quit|re-?authenticate|mitigate)\b[^.;!?\n]{0,60}",
    r"\b(?:we )?(?:recommend|suggest|advise)(?:ed|s|ing)? (?:you |users |customers |that |using |trying |to |restarting |switching |retrying |re-?running |refreshing |clearing )[^.;!?\n]{0,60}",
    r"\b(?:re-?try(?:ing)?|refreshing|reloading|restarting|clearing (?:the |your )?(?:cache|cookies)|logging out)\b[^.;!?\n]{0,40}\b(?:may|might|should|will|can|could|resolves?|helps?|fix(?:es)?|mitigates?|be successful|succeed)\b",
    r"(?:^|[.!?:]\s+)(?:re-?try|refresh|use|clear|restart|reload|switch to|re-?run|log out|sign out|quit|try|disable|enable|follow these steps|go to|run)\b [^.;!?\n]{3,80}",
    r"\bwe (?:would |do )?(?:highly |strongly )?(?:recommend|suggest|advise|encourage)\b[^.;!?\n]{3,80}", r"\bwould recommend that\b[^.;!?\n]{3,60}", r"\bconsider (?:deploying|migrating|using|switching|moving|failing)\b[^.;!?\n]{0,60}", r"\b(?:can|could|may) (?:still )?(?:fail ?over|be adjusted|be found|be accessed|be (?:reached|used|done))\b[^.;!?\n]{0,60}", r"\b(?:is|be) to (?:uninstall|re-?install|disable|enable|use|switch|re-?start)\b[^.;!?\n]{0,60}", r"(?:^|[.!?:,]\s+)(?:refresh|reload|restart|force[- ]quit) (?:your|the)\b[^.;!?\n]{0,60}", r"\bplease (?:try|hold off|reload|force quit|hard refresh)\b[^.;!?\n]{0,60}", r"\b(?:should|will|may) (?:also )?trigger an? [^.;!?\n]{0,20}(?:refresh|re-?sync|reload)",
    r"\bno action (?:is |was )?(?:required|needed)\b", r"\bother (?:models?|regions?|methods?|browsers?) (?:are|remain) (?:available|unaffected|working)",
    r"\bif you (?:are|still|continue|have|need|experience|encounter|see)[^.;!?\n]{0,80}(?:please|try|you can|re-?start|reload|refresh|clear|restart)\b[^.;!?\n]{0,50}",
)  # fmt: skip
WORKAROUND_VETO = (
    r"\bwork-?arounds?\b\W{0,4}(?:is |are |at this time )?(?:none|n/a|no\b|not\b|unknown|tbd)", r"\bno (?:known )?work-?arounds?\b", r"\bworking on (?:a |the )?(?:temporary )?work-?around",
    r"\bplease (?:contact|reach out|visit|see|refer|check) (?:us|our|support|the status|this page|back|your account|https?)", r"\bplease (?:accept|bear|note|know|stay|be (?:aware|assured|advised)|follow (?:along|this|us))", r"\bcheck (?:back|this page|here|status|our status)",
    r"\b(?:investigat|identif|look(?:ing)? (?:in)?to|explor)\w*[^.;!?\n]{0,20}\bwork-?around", r"\b(?:please )?(?:e-?mail|reach(?: out)? to|contact|write to) (?:us|our|support)\b", r"\bcan follow\b", r"\bplease email\b", r"\bif you (?:have|experience|see|are)[^.;!?\n]{0,60}\b(?:contact|reach|open a (?:case|ticket)|let us know)\b",
)  # fmt: skip

# Features most customers would recognise by name, whoever the vendor is.
FEATURE = r"\b(?:(?:[a-z]+ )?apis?|graphql|rest api|dashboards?|log[- ]?ins?|sign[- ]?ins?|sign[- ]?ups?|authentication|single sign-on|sso|saml|scim|oauth|2fa|mfa|web ?hooks?|workflows?|uploads?|downloads?|attachments?|search|notifications?|e-?mails?|smtp|imap|inbox|calendars?|messag(?:es|ing)|threads?|channels?|files? (?:upload|download|sharing|storage)|calls?|meetings?|video|audio|huddles?|push notifications?|sms|deploy(?:ment)?s?|builds?|pipelines?|actions|runners?|packages?|registry|repositor(?:y|ies)|pull requests?|issues page|git operations|clone|codespaces?|copilot|pages|billing|invoices?|payments?|checkout|payouts?|refunds?|subscriptions?|reporting|analytics|metrics|logs|logging|logpush|alerts?|alerting|monitoring service|exports?|imports?|backups?|snapshots?|dns|cdn|cache|caching|ssl|tls|certificates?|load balancers?|vpn|tunnels?|workers?|functions?|lambda|s3|ec2|storage|object storage|block storage|volumes?|droplets?|instances?|virtual machines?|vms?|databases?|sql|bigquery|bigtable|pub/sub|kubernetes|clusters?|containers?|mobile apps?|desktop apps?|ios|android|web (?:app|ui|interface|console)|console|control panel|admin (?:panel|console|portal|ui|interface)|customer portal|support portal|portal|website|marketplace|app store|integrations?|connectors?|bots?|automations?|rules|boards?|cards|tickets?|projects?|wiki|templates?|forms?|maps?|images?|streams?|streaming|media|chat|completions?|embeddings?|fine-tuning|models?|playground|voice|telephony|ivr|queues?|jobs?|cron|scheduled (?:tasks|jobs)|firewall|waf|ddos protection|routing|networking|interconnect|access control|permissions?|user management|provisioning|onboarding|identity|directory|sync(?:ing|hronization)?|crm|helpdesk|chatbot|feeds?|data (?:plane|pipeline|processing|ingestion)|event(?:s)? (?:processing|ingestion)|error ingestion|ingestion|indexing|query(?:ing)?|queries)\b"
# "a delay in the transaction data", "an incident with sending status updates": what the trouble is with is a part.
TROUBLE_WITH = r"\b(?:issues?|problems?|incidents?|delays?|errors?|outages?|degradation|failures?|trouble|disruptions?|latency|bugs?|degraded performance|improvements?)\b (?:is |are |was |were )?(?:with|in|on|affecting|impacting|regarding|accessing|while accessing|when accessing) (?:the |our |your |their |a |an |some |certain |all |new |newly )*([a-z@][a-z0-9@/'-]+(?: [a-z0-9@/'-]+){0,2})"
# "incidents are no longer delayed", "toll-free numbers are impacted": what does or does not work is a part.
WORKS_OR_NOT = r"\b([a-z@][a-z0-9@/'-]+) (?:is|are|was|were|should|may|might|will)(?: (?:now|be|been|again|currently|also|still|no longer|not|being|intermittently|all|temporarily|experiencing|seeing|having))* (?:failing|slow|slower|delayed|unavailable|unresponsive|inaccessible|working|functioning|operating|active|loading|timing out|stuck|missing|broken|impacted|affected|delivered|processed|delays?|(?:elevated|increased|high) (?:error|latency|failure)|latency|errors|timeouts|failures)\b"
# Words that only look like features in these phrases.
FEATURE_VETO = (
    r"\S+@\S+\.[a-z]+",
    r"\b\d{4}-\d\d-\d\dt\d\d:?\d\d\S*",
    r"\b(?:public |private )?cloud (?:service |infrastructure )?providers?\b",
    r"\b(?:please )?email \S+@",
    r"\boriginal instance\b",
    r"\bwill deploy\b",
    r"\bdeploy(?:ed|ing)? (?:a|the|some|another)\b",
    r"(?:\b\w+ ){0,3}\b(?:status|health) dashboards?\b",
    r"\(?\b(?:ctrl|cmd|shift)(?:/(?:ctrl|cmd))? ?\+ ?(?:shift ?\+ ?)?[a-z]\b",
    r"\bnetwork performance\b",
    r"\b(?:monitoring|investigating|reports? of|status page|statuspage|support (?:team|ticket|case)|open a (?:case|ticket)|root cause analysis|incident report|more information|this issue|these issues|the issue|keep you updated|action(?:s)? (?:is|are|was)? ?(?:required|needed|taken)|email (?:updates|us)|error messages?|log files?|calls? to action|further (?:updates|notice)|in search of|model(?:ing|led)|on the (?:status )?page|update this page|this page|the right actions?|corrective actions?|preventive actions?|mitigation actions?|necessary actions?|https?://\S+)",
)

REGION = (
    r"\b(?:us|eu|ap|ca|sa|af|me|cn|il|mx|uk|in|au|asia|europe|northamerica|southamerica|australia|africa|me)-(?:(?:gov|iso)-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)[a-z]*-?\d?[a-f]?\b",
    r"\b(?:us|eu)(?:east|west|central|north|south)\d?\b", r"\b(?:us|eu|apac|emea|latam|anz)\b(?:[- ](?:east|west|central|north|south|region|tenant|datacent|customers|users|cluster|instance)\w*)?",
    r"\b(?:east|west|north|south|central|southeast|northeast) (?:us|asia|europe|india|brazil|japan|korea|australia|uk|africa|america)\b(?: \d)?", r"\b(?:west|north|south|east|central)(?:europe|us|asia|india)\b",
    r"\b(?:north|south|latin|central) america\b", r"\bnorthern (?:virginia|california)\b", r"\b(?:nyc|sfo|ams|sgp|lon|fra|tor|blr|syd|iad|lhr|cdg|nrt|sin|dub|atl|ord|dfw|sea|lax|mia|sjc)\d?\b",
    r"\b[a-z]{2}\d{1,3}\b (?:instance|region|pod|stack|cluster|datacent\w+)", r"\b(?:na|eu|ap|cs|um|usa|ind|jpn|aus|gbr|deu|fra|can|bra)\d{1,4}s?\b",
    r"\ball (?:[a-z]+ )?(?:regions|locations|data ?cent(?:er|re)s|zones|sites|plans)\b", r"\bglobal(?:ly)?\b", r"\bworld-?wide\b", r"\bmulti-?region(?:al)?\b", r"\bavailability zones?\b", r"\b(?:one|a single|multiple|several|some|certain|two|three|other) (?:of our )?(?:regions?|data ?cent(?:er|re)s?|availability zones?|zones?|locations?|pops?)\b",
    r"\b(?:android|ios|iphones?|ipads?|macos|mac|windows|linux|chrome|firefox|safari|edge browser|desktop (?:app|client)s?|mobile (?:app|client|device)s?|web (?:app|client|version))\b", r"\b(?:north|south|east|west)ern (?:united states|us|europe|asia|africa|america|australia|india|usa)\b", r"\b[a-z]+ service regions?\b",
    r"\b(?:enterprise(?: grid)?|premium|business|free|pro|standard|team|trial|paid|plus|basic|starter|eu|us|gov(?:ernment)?(?: cloud)?|ghe|grid|on-prem(?:ise)?s?|self-hosted|byok|private cloud)(?: [a-z][a-z.]+)? (?:plan|tier|edition|customers?|users?|accounts?|workspaces?|tenants?|organi[sz]ations?|subscribers?|sites?|instances?)\b",
)  # fmt: skip
REGION_VETO = (r"us/(?:pacific|eastern|central|mountain)",)
ANY_PLACE = rf"\b(?:{'|'.join(sorted(PLACES))})"  # whether it is worth looking for places

# Who speaks, not what is down: "Acme is investigating", "Acme engineers", "Acme's network".
SPEAKER = r"(?: ?\([a-z]+\))?(?:'s)? (?:(?:currently |also |now |just )?(?:is|are|has|have|was|were|believes?)\b (?:currently |also |now |just |been )?(?:investigat|aware|identif|work|monitor|notif|implement|determin|observ|receiv|roll|deploy|invest|believ|respond|seeing|looking|the |an? )|engineers?\b|engineering\b|teams?\b|staff\b|support\b|users\b|customers\b|services\b|sites\b|network\b|colocations\b|incident\b|outage\b)"

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
