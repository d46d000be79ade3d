"""Whether a question is put in another language than English, whose forms alone are known: it is then read openly."""

import re

_FOREIGN = frozenset(
    """
    der das den dem ein eine einen einem ist sind wie wer wen warum wieso weshalb wann welche welcher welches
    viele über und oder
    nicht auf mit für von zu zum zur haben hat hatte sagt sagen sagte meint meinen denkt gibt es jemand niemand
    leute kommentare im
    el la los las una uno qué que quién quien quiénes cómo cuándo cuántos cuántas cuantos por para del sobre dice
    dicen dijo piensa
    piensan hay alguien nadie está están con sin pero más muy son es gente
    le les une des du est sont qui quoi pourquoi comment combien quand quel quelle quels quelles sur dans avec
    pour pas ne dit disent
    pensent pense quelqu'un personne il elle ils gens ce cette ont au aux
    il lo gli che chi perché come quando quanti quante dove cosa sono della delle nel nella non dice pensano
    o os uma quem porque quantos onde não são sobre diz dizem pensam
    het een wat waarom hoeveel wanneer zijn niet voor met zegt zeggen denkt denken
    """.split()
)
_EITHER = frozenset(
    "comment pour son hay con den dove dice el los las la le des es im per um mit com il lo una".split()
)
"""Of these the ones that an English question may hold as well, as a word or in a name."""
_ENGLISH = frozenset(
    """
    the a an is are was were do does did what who why how when where which of to in on for with about and or not
    that this these
    those it they say said says think people any anyone has have had from by at be been there here i you we he she
    his her their
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def foreign(asked: str) -> bool:
    """Whether more of its small words are another language's than English ones."""
    if "¿" in asked:
        return True
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(asked)]
    if any(not word.isascii() and ord(word[0]) > 0x24F for word in words):
        return not any(word in _ENGLISH for word in words)
    others = [word for word in words if word in _FOREIGN]
    return any(word not in _EITHER for word in others) and len(others) > sum(word in _ENGLISH for word in words)
