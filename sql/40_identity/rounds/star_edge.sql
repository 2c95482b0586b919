-- model: star_edge
-- layer: identity_rounds
-- grain: one row per pair of identifiers and source that showed them together
-- key: node_no, anchor_no, source
-- reads: event_node
-- why: gathers the evidence, so that the rounds see each pair once however many events repeat it
select
    node_no,
    anchor_no,
    source,
    count(*) as event_count,
    -- bots, staff and tests are no evidence of who belongs together
    count(case when is_crowded = 0 and exclude is null then 1 end) as clear_count,
    count(case when exclude is null then 1 end) as counted_count,
    count(case when is_merged = 1 and exclude is null then 1 end) as merge_count,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at
from event_node
where node_no <> anchor_no
group by
    node_no,
    anchor_no,
    source
