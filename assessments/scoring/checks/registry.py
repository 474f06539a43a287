"""Every check, in the order reports show them. Explicit: a check that is not listed does not exist."""

from __future__ import annotations

from assessments.scoring.checks import (
    access,
    backup_separation,
    canned_text_share,
    component_granularity,
    contract_rto_rpo,
    cover_60,
    expected_hours,
    export_self_service,
    first_notice_delay,
    history_reach,
    longest_outage,
    machine_readable_feed,
    maintenance_notice,
    median_update_gap,
    outage_beyond_rto,
    p90_update_gap,
    post_mortems,
    promises_kept,
    record_over_rto,
    restore_test_evidence,
    specificity,
    standby_failover,
    vendor_backup_rpo,
)
from assessments.scoring.model import Check

CHECKS: tuple[Check, ...] = tuple(
    Check(module.META, module.evaluate)
    for module in (
        outage_beyond_rto,
        expected_hours,
        longest_outage,
        record_over_rto,
        access,
        machine_readable_feed,
        history_reach,
        component_granularity,
        post_mortems,
        maintenance_notice,
        median_update_gap,
        p90_update_gap,
        cover_60,
        promises_kept,
        first_notice_delay,
        canned_text_share,
        specificity,
        export_self_service,
        vendor_backup_rpo,
        backup_separation,
        standby_failover,
        contract_rto_rpo,
        restore_test_evidence,
    )
)
BY_ID = {check.meta.id: check for check in CHECKS}
