"""Words that the rules for names and addresses share, of all seven languages."""

from __future__ import annotations

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĪĮİŁŃŇŐŒŘŚŞŠŤȚŪŮŰŹŻŽȘΑ-ΩА-Я"
"""Capital letters, for a character class."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TITLES = _words(
    """
    Mr Mrs Ms Miss Mx Dr Prof Sir Madam Herr Herrn Frau Monsieur Madame Mademoiselle Mme Mlle Señor Señora Señorita Sr Sra Srta
    Signor Signora Signorina Sig Dott Dott.ssa Dottore Dottoressa Doktor Doctor Dña Senhor Senhora Dhr Mevr Mw dhr mevr mw Meneer
    Mevrouw meneer mevrouw heer frau herr madame monsieur señor señora signor signora senhor senhora Exma Exmo
    """
)

PARTICLES = frozenset(_words("van von de der den del della di da do dos das du la le el ter ten zu y e bin al of und and"))

STOP = (
    PARTICLES
    | {title.casefold() for title in TITLES}
    | frozenset(
        _words(
            """
            i we you he she it they my your our his her its their this that these those the a an is are was were be have has had do
            did not no yes what when where why who how please thanks thank again all there everyone everybody team support customer
            customers service services sales staff manager management folks guys people sirs ladies gentlemen world day morning
            afternoon evening so very much but or if in on at to for from with best kind regards wishes order sent monday tuesday
            wednesday thursday friday saturday sunday five great good ich wir sie ihr du er es mein meine unser unsere der die das
            den dem ein eine und oder aber nicht kein keine ist war bitte danke vielen dank nochmal zusammen damen herren leute
            kundenservice kundendienst mitarbeiter grüße grüßen gruß grüsse tag morgen abend wann warum wie wo euro eur je j'ai nous
            vous il elle mon ma mes notre le la les un une des c'est merci beaucoup tous toutes messieurs mesdames équipe client
            bonjour bonsoir pourquoi quand comment où yo nosotros usted él ella mi mis nuestro el los las una quiero tengo gracias
            muchas todos todas equipo señores hola buenos buenas por qué cuando cómo io noi voi lui lei mio mia lo gli vorrei ho
            grazie mille tutti tutte servizio clienti buongiorno salve perché quando come eu nós você ele ela meu minha o os as um
            uma quero tenho obrigado obrigada muito equipa equipe senhores bom boa olá porque como ik wij jij u hij zij het mijn
            onze een niet geen bedankt allemaal klantenservice goedemorgen hallo waarom wanneer hoe hi hello hey dear
            """
        )
    )
)
"""What no name is, though it may stand with a capital where a name could."""
