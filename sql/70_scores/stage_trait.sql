-- model: stage_trait
-- layer: scores
-- grain: one row per stay, vote, answer or invitation of a customer, and per thing known of him before he was asked
-- key: none
-- reads: stage_history, stage_moment, voice_answer, survey_reply, survey_invitation
-- why: who was in a stage, who spoke of it, and what could tell beforehand who would, in one shape that can be counted
-- not_null: person_id, segment, stage, trait, amount
select
    person_id,
    segment,
    stage,
    trait,
    amount
from stage_history
where trait = 'stay'
union all
select
    stage_history.person_id,
    stage_history.segment,
    stage_history.stage,
    concat('earlier_', stage_history.trait) as trait,
    stage_history.amount
from stage_history
-- one to one at most
inner join stage_moment
    on
        stage_history.person_id = stage_moment.person_id
        and stage_history.segment = stage_moment.segment
        and stage_history.stage = stage_moment.stage
-- the words of an answer come with it, so that they would tell what they are to foretell
where stage_history.known_second < stage_moment.known_until_second
union all
select
    person_id,
    segment,
    stage,
    case when kind = 'text' then 'text' else 'answer' end as trait,
    -- whole millionths add up to the same in any order
    sum(cast(floor(value * 1000000 + 0.5) as bigint)) / cast(count(*) as double) / 1000000 as amount
from voice_answer
where segment <> '' and stage <> ''
group by person_id, segment, stage, case when kind = 'text' then 'text' else 'answer' end, vote_no
union all
select
    person_id,
    segment,
    stage,
    'reply' as trait,
    sum(cast(floor(value * 1000000 + 0.5) as bigint)) / cast(count(*) as double) / 1000000 as amount
from survey_reply
group by person_id, segment, stage, vote_no
union all
select
    person_id,
    segment,
    stage,
    'invited' as trait,
    cast(1 as double) as amount
from survey_invitation
