import type { Strings } from "./en.ts";

export const de: Strings = {
  "button.connect": "Wallet verbinden",
  "button.connecting": "Verbinde …",
  "button.finish": "Anmeldung abschließen",
  "button.verifying": "Anmeldung läuft …",
  "button.again": "Erneut anmelden",
  "button.unavailable": "Anmeldung nicht verfügbar",
  "button.account": "Wallet {address}, angemeldet",
  close: "Schließen",
  retry: "Nochmal versuchen",
  details: "Einzelheiten",
  cancel: "Abbrechen",

  "wallets.title": "Wallet verbinden",
  "wallets.lead": "Du brauchst kein {coin}: {app} zahlt die Netzwerkgebühren.",
  "wallets.recent": "Zuletzt benutzt",
  "wallets.installed": "Installiert",
  "wallets.phone": "Auf dem Handy",
  "wallets.get": "Holen",
  "wallets.empty": "Keine Wallet auf diesem Gerät gefunden",
  "wallets.emptyHint": "Installiere eine Solana-Wallet oder entsperre deine. Sie erscheint hier von selbst.",
  "wallets.emptyAction": "Eine Wallet finden",

  "opening.title": "{wallet} wird geöffnet",
  "opening.lead": "Bestätige die Anfrage in {wallet}.",
  "opening.hint": "Nichts zu sehen? Das Fenster liegt vielleicht hinter diesem oder wartet in der Leiste des Browsers.",

  "explain.title": "Noch ein Schritt",
  "explain.lead": "{wallet} ist als {address} verbunden. Zeig mit einer Unterschrift, dass sie dir gehört.",
  "explain.free": "Unterschreiben kostet nichts und sendet keine Transaktion.",
  "explain.action": "Anmelden",

  "hardware.use": "Ich benutze eine Hardware-Wallet",
  "hardware.title": "Mit einer Hardware-Wallet anmelden",
  "hardware.lead":
    "Viele Hardware-Wallets können keinen Text unterschreiben. Dein Gerät zeigt stattdessen eine Transaktion, in der der Text als Memo steht.",
  "hardware.free":
    "Es ist nur eine Unterschrift: Die Transaktion wird nie gesendet, kann nicht ins Netzwerk gelangen und kostet nichts.",
  "hardware.action": "Auf dem Gerät unterschreiben",

  "verifying.title": "Die Unterschrift wird geprüft",
  "success.title": "Du bist angemeldet",

  "account.title": "Deine Wallet",
  "account.copy": "Adresse kopieren",
  "account.copied": "Kopiert",
  "account.allowance": "Gratis-Gas",
  "account.left.hour": "{left} von {limit} kostenlosen Transaktionen in dieser Stunde übrig",
  "account.left.day": "{left} von {limit} kostenlosen Transaktionen heute übrig",
  "account.left.month": "{left} von {limit} kostenlosen Transaktionen in diesem Monat übrig",
  "account.left.lifetime": "{left} von {limit} kostenlosen Transaktionen übrig",
  "account.returns": "Neue ab {time}",
  "account.unlimited": "{app} zahlt die Gebühr jeder Transaktion, die hier erlaubt ist.",
  "account.recent": "Letzte Transaktionen",
  "account.none": "Noch keine Transaktion. Auch die erste zahlt {app}.",
  "account.loading": "Lädt …",
  "account.unread": "Das konnte nicht geladen werden.",
  "account.switch": "Wallet wechseln",
  "account.signOut": "Abmelden",

  "changed.title": "Ein anderes Konto",
  "changed.lead": "{wallet} zeigt jetzt {other}. Angemeldet bist du als {address}.",
  "changed.action": "Als {other} anmelden",
  "changed.keep": "Als {address} angemeldet bleiben",

  "sponsor.preparing": "Die Transaktion wird vorbereitet",
  "sponsor.approve": "In {wallet} bestätigen",
  "sponsor.again":
    "Das hat etwas gedauert, darum wurde die Transaktion neu vorbereitet. Bestätige sie bitte noch einmal.",
  "sponsor.fee": "Netzwerkgebühr",
  "sponsor.paidBy": "zahlt {app}",
  "sponsor.zero": "Deine Wallet warnt vielleicht, dass du kein {coin} hast. Du brauchst keins: {app} zahlt.",
  "sponsor.sending": "Die Transaktion wird gesendet",
  "sponsor.adjusted": "{wallet} hat der Transaktion etwas hinzugefügt. Sie wurde noch einmal geprüft.",
  "sponsor.confirmed": "Die Transaktion ist bestätigt",
  "sponsor.explorer": "Im Explorer ansehen",
  "sponsor.hide": "Im Hintergrund weiter",
  "sponsor.done": "Fertig",

  "state.received": "Eingegangen",
  "state.signed": "Wird gesendet",
  "state.submitted": "Wird gesendet",
  "state.confirmed": "Bestätigt",
  "state.finalized": "Fertig",
  "state.rejected": "Abgelehnt",
  "state.failed": "Fehlgeschlagen",
  "state.expired": "Abgelaufen",

  clock:
    "Die Uhr dieses Geräts weicht um {minutes} min ab. Deine Wallet lehnt die Anmeldung vielleicht ab, bis die Uhr stimmt.",

  "error.title": "Das hat nicht geklappt",
  "error.unknown": "Etwas ist schiefgegangen. Nichts ist verloren; versuch es noch einmal.",
  "error.network.offline": "Dieses Gerät ist offline. Es geht weiter, sobald die Verbindung zurück ist.",
  "error.network.unreachable": "Der Dienst antwortet gerade nicht. Versuch es gleich noch einmal.",
  "error.widget.misconfigured": "Diese Seite ist noch nicht eingerichtet. Für ihre Entwickler: {detail}",
  "error.wallet.rejected": "Du hast die Anfrage in {wallet} abgelehnt.",
  "error.wallet.timeout":
    "{wallet} antwortet schon eine Weile nicht. Öffne sie, schließ wartende Anfragen und versuch es noch einmal.",
  "error.wallet.locked": "{wallet} ist gesperrt. Entsperre sie und versuch es noch einmal.",
  "error.wallet.busy": "{wallet} zeigt schon eine Anfrage. Beantworte zuerst diese.",
  "error.wallet.not_found": "{wallet} ist nicht mehr auf dieser Seite. Schalte sie ein oder wähle eine andere Wallet.",
  "error.wallet.unreachable": "{wallet} ist gerade nicht erreichbar. Versuch es noch einmal.",
  "error.wallet.disconnected": "{wallet} hat die Verbindung beendet. Verbinde noch einmal.",
  "error.wallet.unsupported": "{wallet} kann nicht, was hier nötig ist. Wähle eine andere Wallet.",
  "error.wallet.account_changed":
    "{wallet} zeigt ein anderes Konto als das angemeldete. Wechsle dort zurück oder melde dich neu an.",
  "error.wallet.message_changed":
    "{wallet} hat einen anderen Text unterschrieben als verlangt; das beweist nichts. Wähle eine andere Wallet.",
  "error.wallet.transaction_changed":
    "{wallet} hat die Transaktion verändert, und so kann sie nicht bezahlt werden. Schalte solche Zusätze ab oder nimm eine andere Wallet.",
  "error.wallet.failed": "{wallet} meldet einen Fehler. Versuch es noch einmal oder nimm eine andere Wallet.",
  "error.rate.limited": "Gerade sind es zu viele Anfragen. In {seconds} s geht es weiter.",
  "error.session": "Deine Sitzung ist zu Ende. Melde dich wieder an, um weiterzumachen.",
  "error.signature": "Die Unterschrift passt nicht zur Wallet. Versuch es noch einmal.",
  "error.proof": "Der Dienst konnte diesen Browser nicht bestätigen. Melde dich wieder an, um weiterzumachen.",
  "error.origin":
    "Diese Seite darf das Projekt nicht benutzen. Für ihre Entwickler: Tragt {origin} bei den Origins des Projekts ein.",
  "error.key": "Diese Seite ist noch nicht eingerichtet. Für ihre Entwickler: {api} kennt den Publishable Key nicht.",
  "error.project": "Diese App ist gerade pausiert.",
  "error.budget": "Dein Gratis-Gas ist vorerst aufgebraucht. Neues gibt es: {time}.",
  "error.budgetApp": "Das Gratis-Gas dieser App ist vorerst aufgebraucht. Neues gibt es: {time}.",
  "error.budgetEnd": "Dein Gratis-Gas für diese App ist aufgebraucht.",
  "error.policy": "Diese App zahlt so eine Transaktion nicht. Es wurde nichts gesendet.",
  "error.simulation": "Die Transaktion würde scheitern. Sie wurde nicht gesendet, und nichts wurde verbraucht.",
  "error.expired": "Die Transaktion wurde nicht rechtzeitig unterschrieben. Unterschreib sie noch einmal.",
  "error.failed": "Die Transaktion kam im Netzwerk an, ist aber fehlgeschlagen. Die Gebühr hat die App bezahlt.",
  "error.sponsor":
    "Die App kann gerade keine Gebühren zahlen. Es wurde nichts gesendet; versuch es später noch einmal.",
  "error.relay.unfinished":
    "Noch ist nicht sicher, was aus der Transaktion wurde. Sieh in deinen letzten Transaktionen nach, bevor du sie noch einmal sendest.",
};
