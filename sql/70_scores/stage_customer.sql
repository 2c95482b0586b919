-- model: stage_customer
-- layer: scores
-- grain: one row per customer who was in a stage, or spoke of it, and segment
-- key: person_id, segment, stage
-- reads: stage_trait
-- why: who could have spoken of a stage, who did, who was asked, and what had happened to each of them before that
-- not_null: stay_count, earlier_contact_count, text_count, answer_count, invited_count
with

told as (

    select
        person_id,
        segment,
        stage,
        trait,
        -- whole millionths add up to the same in any order
        cast(floor(amount * 1000000 + 0.5) as bigint) as millionths
    from stage_trait

),

counted as (

    select
        person_id,
        segment,
        stage,
        count(case when trait = 'stay' then 1 end) as stay_count,
        count(case when trait = 'earlier_stay' then 1 end) as earlier_stay_count,
        count(case when trait = 'earlier_slow' then 1 end) as earlier_slow_count,
        count(case when trait = 'earlier_repeat' then 1 end) as earlier_repeat_count,
        count(case when trait = 'earlier_contact' then 1 end) as earlier_contact_count,
        count(case when trait = 'earlier_reopened' then 1 end) as earlier_reopened_count,
        count(case when trait = 'earlier_text' then 1 end) as earlier_text_count,
        sum(case when trait = 'earlier_text' then millionths end) as earlier_text_sum,
        count(case when trait = 'invited' then 1 end) as invited_count,
        count(case when trait = 'text' then 1 end) as text_count,
        sum(case when trait = 'text' then millionths end) as text_sum,
        count(case when trait = 'answer' then 1 end) as answer_count,
        sum(case when trait = 'answer' then millionths end) as answer_sum,
        count(case when trait = 'reply' then 1 end) as reply_count,
        sum(case when trait = 'reply' then millionths end) as reply_sum
    from told
    group by person_id, segment, stage

)

select
    person_id,
    segment,
    stage,
    stay_count,
    earlier_stay_count,
    earlier_slow_count,
    earlier_repeat_count,
    earlier_contact_count,
    earlier_reopened_count,
    earlier_text_count,
    earlier_text_sum / cast(nullif(earlier_text_count, 0) as double) / 1000000 as earlier_text_mean,
    invited_count,
    text_count,
    text_sum / cast(nullif(text_count, 0) as double) / 1000000 as text_mean,
    answer_count,
    answer_sum / cast(nullif(answer_count, 0) as double) / 1000000 as answer_mean,
    reply_count,
    reply_sum / cast(nullif(reply_count, 0) as double) / 1000000 as reply_mean
from counted
