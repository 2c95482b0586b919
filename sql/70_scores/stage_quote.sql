-- model: stage_quote
-- layer: scores
-- grain: one row per segment, stage and text worth quoting
-- key: segment, stage, event_id
-- reads: quotable_text, score_setting
-- why: up to five short redacted texts a cell that sound like the cell, one per customer, where enough customers wrote
-- not_null: text
with

customer_mood as (

    select
        segment,
        stage,
        person_id,
        -- a sum of integers does not depend on the order of rows
        floor(
            sum(cast(floor(score * 1000000 + 0.5) as bigint))
            / cast(nullif(count(score), 0) as double)
            + 0.5
        ) as mean_millionths
    from quotable_text
    group by segment, stage, person_id

),

cell as (

    select
        segment,
        stage,
        count(*) as customer_count,
        case when sum(mean_millionths) < 0 then -1 else 1 end as mood
    from customer_mood
    group by segment, stage

),

best_of_customer as (

    -- a quote beside a number must not contradict it: its sign is that of the mean voice of the cell
    select
        quotable_text.segment,
        quotable_text.stage,
        quotable_text.event_id,
        quotable_text.occurred_at,
        quotable_text.text,
        quotable_text.language,
        quotable_text.source,
        quotable_text.score,
        row_number() over (
            partition by quotable_text.segment, quotable_text.stage, quotable_text.person_id
            order by
                abs(quotable_text.score) desc,
                quotable_text.occurred_at desc,
                quotable_text.event_id
        ) as own_no
    from quotable_text
    inner join cell
        on quotable_text.segment = cell.segment and quotable_text.stage = cell.stage
    cross join score_setting
    where
        cell.customer_count >= score_setting.small_cell
        and quotable_text.score * cell.mood > 0
        and length(quotable_text.text) <= 140
        and not regexp_matches(quotable_text.text, '[0-9]{5}')

),

distinct_text as (

    select
        segment,
        stage,
        event_id,
        occurred_at,
        text,
        language,
        source,
        score,
        row_number() over (
            partition by segment, stage, lower(text) order by occurred_at desc, event_id
        ) as same_no
    from best_of_customer
    where own_no = 1

)

select
    segment,
    stage,
    event_id,
    text,
    language,
    source,
    occurred_at,
    score
from distinct_text
where same_no = 1
qualify
    row_number() over (
        partition by segment, stage
        order by abs(score) desc, occurred_at desc, event_id
    ) <= 5
