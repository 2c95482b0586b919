"""Common first names, in the forms that letters have them: what tells a name where nobody bothered with a capital.

Left out are names that are words as well (вера, надежда, роман, mark, will), because a text is not worth losing.
"""

from __future__ import annotations

FIRST_NAMES = frozenset(
    {
        "александр", "александра", "алексей", "алена", "алёна", "алина", "алла", "анастасия", "анатолий", "андрей",
        "анна", "аня", "антон", "антонина", "аркадий", "арсений", "артем", "артём", "богдан", "борис", "вадим",
        "валентин", "валентина", "валерий", "валерия", "варвара", "василий", "вероника", "виктор", "виктория",
        "виталий", "владимир", "владислав", "вячеслав", "галина", "геннадий", "георгий", "григорий", "даниил",
        "данила", "дарья", "даша", "денис", "диана", "дмитрий", "дима", "ева", "евгений", "евгения", "егор",
        "екатерина", "катя", "елена", "лена", "елизавета", "ефим", "женя", "захар", "зинаида", "иван", "игорь", "илья",
        "инна", "ирина", "кирилл", "константин", "костя", "ксения", "лариса", "леонид", "лидия", "людмила", "максим",
        "маргарита", "марина", "мария", "маша", "михаил", "миша", "наталья", "наталия", "наташа", "никита", "николай",
        "оксана", "олег", "олеся", "ольга", "оля", "павел", "полина", "раиса", "роберт", "руслан", "светлана",
        "семен", "семён", "сергей", "серёжа", "станислав", "степан", "тамара", "татьяна", "таня", "тимофей", "тимур",
        "федор", "фёдор", "эдуард", "эльвира", "юлия", "юля", "юрий", "яков", "ярослав", "саша",
        "adam", "alice", "andrew", "anna", "anthony", "barbara", "benjamin", "brian", "carol", "charles",
        "christopher", "daniel", "david", "deborah", "donald", "dorothy", "edward", "elizabeth", "emily", "emma",
        "eric", "george", "helen", "ivan", "jacob", "james", "jane", "jason", "jennifer", "jessica", "john",
        "jonathan", "joseph", "joshua", "karen", "kevin", "laura", "linda", "lisa", "margaret", "maria", "mary",
        "matthew", "melissa", "michael", "michelle", "nancy", "nicole", "olga", "pamela", "patricia", "paul", "peter",
        "rachel", "rebecca", "richard", "robert", "sarah", "sergey", "sharon", "stephanie", "stephen", "steven",
        "susan", "thomas", "timothy", "tom", "victoria", "william",
    }
)  # fmt: skip
