-- model: unmapped_activity
-- layer: journeys
-- grain: one row per activity that no rule knows
-- key: source, event_kind, activity_raw
-- reads: unmapped_event
-- why: shows what the rules miss, and the stage in which its neighbours stand, for a human to decide
with

unmapped_total as (

    select
        source,
        event_kind,
        activity_raw,
        count(*) as event_count,
        count(distinct person_id) as customer_count
    from unmapped_event
    group by source, event_kind, activity_raw

),

vote as (

    select
        source,
        event_kind,
        activity_raw,
        stage,
        count(*) as vote_count
    from (
        select
            source,
            event_kind,
            activity_raw,
            stage_before as stage
        from unmapped_event
        where stage_before is not null
        union all
        select
            source,
            event_kind,
            activity_raw,
            stage_after as stage
        from unmapped_event
        where stage_after is not null
    ) as neighbour
    group by source, event_kind, activity_raw, stage

),

ranked_vote as (

    select
        source,
        event_kind,
        activity_raw,
        stage,
        vote_count,
        sum(vote_count) over (partition by source, event_kind, activity_raw) as total_count,
        coalesce(
            lead(vote_count) over (
                partition by source, event_kind, activity_raw
                order by vote_count desc, stage
            ),
            0
        ) as next_count,
        row_number() over (
            partition by source, event_kind, activity_raw
            order by vote_count desc, stage
        ) as vote_no
    from vote

)

select
    unmapped_total.source,
    unmapped_total.event_kind,
    unmapped_total.activity_raw,
    unmapped_total.event_count,
    unmapped_total.customer_count,
    ranked_vote.stage as suggested_stage,
    cast(ranked_vote.vote_count as double) / ranked_vote.total_count as suggestion_share
from unmapped_total
-- one to one at most: offered with half of the votes and a lead of a fifth, in whole numbers
left join ranked_vote
    on
        unmapped_total.source = ranked_vote.source
        and unmapped_total.event_kind = ranked_vote.event_kind
        and unmapped_total.activity_raw = ranked_vote.activity_raw
        and ranked_vote.vote_no = 1
        and 2 * ranked_vote.vote_count >= ranked_vote.total_count
        and 5 * (ranked_vote.vote_count - ranked_vote.next_count) >= ranked_vote.total_count
