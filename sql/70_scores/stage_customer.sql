-- model: stage_customer
-- layer: scores
-- grain: one row per customer who was in a stage, or spoke of it, and segment
-- key: person_id, segment, stage
-- reads: stage_trait
-- why: who could have spoken of a stage, who did, who was asked, and what had happened to each of them there
-- not_null: stay_count, contact_count, text_count, answer_count, invited_count
select
    person_id,
    segment,
    stage,
    count(case when trait = 'stay' then 1 end) as stay_count,
    count(case when trait = 'slow' then 1 end) as slow_count,
    count(case when trait = 'repeat' then 1 end) as repeat_count,
    count(case when trait = 'contact' then 1 end) as contact_count,
    count(case when trait = 'reopened' then 1 end) as reopened_count,
    count(case when trait = 'invited' then 1 end) as invited_count,
    count(case when trait = 'text' then 1 end) as text_count,
    avg(case when trait = 'text' then amount end) as text_mean,
    count(case when trait = 'answer' then 1 end) as answer_count,
    avg(case when trait = 'answer' then amount end) as answer_mean,
    count(case when trait = 'reply' then 1 end) as reply_count,
    avg(case when trait = 'reply' then amount end) as reply_mean
from stage_trait
group by person_id, segment, stage
