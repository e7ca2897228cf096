"""Texts with the number of tokens Llama 3's own tokenizer makes of each."""

from __future__ import annotations

COUNTED: dict[str, tuple[int, str]] = {
    "en": (
        76,
        "Hi all, thanks for yesterday's call. We decided to move the launch to the "
        "twelfth of March because the supplier cannot deliver before then. Anna will "
        "update the website by Friday, and Tom still has to ask the lawyer about the "
        "licence. Could somebody tell me who orders the cables? Otherwise I'd say we "
        "postpone the workshop; nobody objected so far. Best regards, Sophie",
    ),
    "de": (
        121,
        "Hallo zusammen, vielen Dank für das gestrige Gespräch. Wir haben beschlossen, "
        "die Veröffentlichung auf den zwölften März zu verschieben, weil der Lieferant "
        "vorher nicht liefern kann. Anna aktualisiert die Internetseite bis Freitag, und "
        "Thomas muss noch die Rechtsanwältin wegen der Lizenzvereinbarung fragen. Wer "
        "bestellt die Verlängerungskabel? Andernfalls verschieben wir die "
        "Schulungsveranstaltung; Widerspruch gab es bisher keinen. Herzliche Grüße, "
        "Sophie",
    ),
    "fr": (
        115,
        "Bonjour à tous, merci pour l'appel d'hier. Nous avons décidé de reporter le "
        "lancement au douze mars parce que le fournisseur ne peut pas livrer avant. Anna "
        "mettra à jour le site d'ici vendredi, et Thomas doit encore interroger l'avocate"
        " au sujet de la licence. Quelqu'un peut-il me dire qui commande les câbles ? "
        "Sinon, je propose de repousser l'atelier ; personne ne s'y est opposé jusqu'à "
        "présent. Bien cordialement, Sophie",
    ),
    "it": (
        114,
        "Ciao a tutti, grazie per la telefonata di ieri. Abbiamo deciso di spostare il "
        "lancio al dodici marzo perché il fornitore non può consegnare prima. Anna "
        "aggiornerà il sito entro venerdì e Tommaso deve ancora chiedere all'avvocata "
        "della licenza. Qualcuno può dirmi chi ordina i cavi? Altrimenti direi di "
        "rimandare il laboratorio; finora nessuno si è opposto. Cordiali saluti, Sofia",
    ),
    "pt": (
        115,
        "Olá a todos, obrigado pela chamada de ontem. Decidimos adiar o lançamento para "
        "doze de março porque o fornecedor não consegue entregar antes. A Ana atualiza o "
        "sítio até sexta-feira, e o Tomás ainda tem de perguntar à advogada sobre a "
        "licença. Alguém me pode dizer quem encomenda os cabos? Caso contrário, proponho "
        "adiar a oficina; até agora ninguém se opôs. Cumprimentos, Sofia",
    ),
    "es": (
        107,
        "Hola a todos, gracias por la llamada de ayer. Decidimos aplazar el lanzamiento "
        "al doce de marzo porque el proveedor no puede entregar antes. Ana actualizará la"
        " página antes del viernes y Tomás todavía tiene que preguntar a la abogada por "
        "la licencia. ¿Alguien me puede decir quién pide los cables? Si no, propongo "
        "posponer el taller; hasta ahora nadie se ha opuesto. Un saludo, Sofía",
    ),
    "hi": (
        201,
        "सभी को नमस्ते, कल की बातचीत के लिए धन्यवाद। हमने लॉन्च को बारह मार्च तक टालने का"
        " फैसला किया है क्योंकि आपूर्तिकर्ता उससे पहले सामान नहीं दे सकता। अनीता शुक्रवार"
        " तक वेबसाइट अपडेट करेगी और राहुल को अभी भी वकील से लाइसेंस के बारे में पूछना है।"
        " क्या कोई बता सकता है कि केबल कौन मँगवाएगा? नहीं तो मेरा सुझाव है कि कार्यशाला "
        "आगे बढ़ा दें; अब तक किसी ने आपत्ति नहीं की है। सादर, सोफी",
    ),
    "th": (
        157,
        "สวัสดีทุกคน ขอบคุณสำหรับการประชุมเมื่อวานนี้ "
        "เราตัดสินใจเลื่อนการเปิดตัวไปเป็นวันที่สิบสองมีนาคม "
        "เพราะผู้จัดจำหน่ายไม่สามารถส่งของได้ก่อนหน้านั้น "
        "แอนนาจะปรับปรุงเว็บไซต์ภายในวันศุกร์ และสมชายยังต้องถามทนายความเรื่องใบอนุญาต "
        "มีใครบอกได้ไหมว่าใครจะสั่งสายไฟ ไม่อย่างนั้นผมเสนอให้เลื่อนการอบรมออกไป "
        "จนถึงตอนนี้ยังไม่มีใครคัดค้าน ด้วยความเคารพ โซฟี",
    ),
    "url": (
        19,
        "https://example.org/a/b?x=1&utm_source=abc&id=987654321",
    ),
    "date": (
        20,
        "12.03.2026 09:15:22 +49 170 1234567",
    ),
    "capitals": (
        27,
        "WIR HABEN BESCHLOSSEN, DIE VERÖFFENTLICHUNG ZU VERSCHIEBEN",
    ),
    "names": (
        35,
        "Kowalczyk, Þórðarson, Szymański, Øystein Håkonsen, Čapek, Dvořák",
    ),
    "emoji": (
        28,
        "😀🎉👍🏽👩‍👩‍👧🇩🇪",
    ),
    "hash": (
        43,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
}
