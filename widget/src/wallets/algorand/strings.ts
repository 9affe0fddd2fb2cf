/** What Pera's own views say. They come with its chunk: who has another wallet never loads them. */
const en = {
  cancel: "Cancel",
  "reaching.title": "Connecting to Pera Wallet",
  "pairing.title": "Connect Pera Wallet",
  "pairing.scan": "Scan this code with Pera Wallet on your phone, and approve the connection there.",
  "pairing.here": "Open Pera Wallet on this device, and approve the connection there.",
  "pairing.open": "Open Pera Wallet",
  "pairing.elsewhere": "Or scan this code with another phone.",
  "pairing.code": "Code for Pera Wallet",
  "pairing.copy": "Copy the link instead",
  "pairing.copied": "Copied",
  "pairing.expires": "The code is good for five minutes.",
  "pairing.get": "Get Pera Wallet",
  interrupted: "The connection is interrupted. It is being restored.",
  "choice.title": "Choose an account",
  "choice.lead": "Pera Wallet shows several. Which one do you want to use here?",
  "hint.phone": "Pera Wallet on your phone shows the request. Signing costs you nothing.",
  "hint.late": "Nothing to see? Open Pera Wallet there and leave it open for a moment.",
  "hint.other": "Use another account",
  "note.gone":
    "Pera Wallet has ended the connection. You stay signed in; it is asked to connect again when it has to sign.",
};

type Key = keyof typeof en;
type Strings = Readonly<Record<Key, string>>;

const de: Strings = {
  cancel: "Abbrechen",
  "reaching.title": "Verbinde mit Pera Wallet",
  "pairing.title": "Pera Wallet verbinden",
  "pairing.scan": "Scanne diesen Code mit Pera Wallet auf deinem Handy und bestätige dort die Verbindung.",
  "pairing.here": "Öffne Pera Wallet auf diesem Gerät und bestätige dort die Verbindung.",
  "pairing.open": "Pera Wallet öffnen",
  "pairing.elsewhere": "Oder scanne diesen Code mit einem anderen Handy.",
  "pairing.code": "Code für Pera Wallet",
  "pairing.copy": "Stattdessen den Link kopieren",
  "pairing.copied": "Kopiert",
  "pairing.expires": "Der Code gilt fünf Minuten.",
  "pairing.get": "Pera Wallet holen",
  interrupted: "Die Verbindung ist unterbrochen. Sie wird wiederhergestellt.",
  "choice.title": "Ein Konto wählen",
  "choice.lead": "Pera Wallet zeigt mehrere. Welches willst du hier benutzen?",
  "hint.phone": "Pera Wallet zeigt die Anfrage auf deinem Handy. Unterschreiben kostet dich nichts.",
  "hint.late": "Nichts zu sehen? Öffne dort Pera Wallet und lass es einen Moment offen.",
  "hint.other": "Ein anderes Konto benutzen",
  "note.gone":
    "Pera Wallet hat die Verbindung beendet. Du bleibst angemeldet; zum nächsten Unterschreiben wird neu verbunden.",
};

const es: Strings = {
  cancel: "Cancelar",
  "reaching.title": "Conectando con Pera Wallet",
  "pairing.title": "Conecta Pera Wallet",
  "pairing.scan": "Escanea este código con Pera Wallet en tu teléfono y aprueba allí la conexión.",
  "pairing.here": "Abre Pera Wallet en este dispositivo y aprueba allí la conexión.",
  "pairing.open": "Abrir Pera Wallet",
  "pairing.elsewhere": "O escanea este código con otro teléfono.",
  "pairing.code": "Código para Pera Wallet",
  "pairing.copy": "Copiar el enlace en su lugar",
  "pairing.copied": "Copiado",
  "pairing.expires": "El código vale cinco minutos.",
  "pairing.get": "Consigue Pera Wallet",
  interrupted: "La conexión se ha interrumpido. Se está restableciendo.",
  "choice.title": "Elige una cuenta",
  "choice.lead": "Pera Wallet muestra varias. ¿Cuál quieres usar aquí?",
  "hint.phone": "Pera Wallet muestra la solicitud en tu teléfono. Firmar no te cuesta nada.",
  "hint.late": "¿No ves nada? Abre allí Pera Wallet y déjala abierta un momento.",
  "hint.other": "Usar otra cuenta",
  "note.gone":
    "Pera Wallet ha terminado la conexión. Tu sesión sigue abierta; se volverá a conectar cuando haya que firmar.",
};

const ar: Strings = {
  cancel: "إلغاء",
  "reaching.title": "جارٍ الاتصال بـ Pera Wallet",
  "pairing.title": "اربط Pera Wallet",
  "pairing.scan": "امسح هذا الرمز بتطبيق Pera Wallet على هاتفك، ثم وافق على الاتصال هناك.",
  "pairing.here": "افتح Pera Wallet على هذا الجهاز، ثم وافق على الاتصال هناك.",
  "pairing.open": "افتح Pera Wallet",
  "pairing.elsewhere": "أو امسح هذا الرمز بهاتف آخر.",
  "pairing.code": "رمز Pera Wallet",
  "pairing.copy": "انسخ الرابط بدلاً من ذلك",
  "pairing.copied": "تم النسخ",
  "pairing.expires": "الرمز صالح لخمس دقائق.",
  "pairing.get": "احصل على Pera Wallet",
  interrupted: "انقطع الاتصال، وتجري استعادته.",
  "choice.title": "اختر حساباً",
  "choice.lead": "تعرض Pera Wallet عدة حسابات. أيها تريد استخدامه هنا؟",
  "hint.phone": "تعرض Pera Wallet الطلب على هاتفك. التوقيع لا يكلفك شيئاً.",
  "hint.late": "لا ترى شيئاً؟ افتح Pera Wallet هناك واتركها مفتوحة لحظة.",
  "hint.other": "استخدم حساباً آخر",
  "note.gone": "أنهت Pera Wallet الاتصال. ما زلت مسجّل الدخول، وسيُطلب الاتصال من جديد عند الحاجة إلى توقيع.",
};

export const languages: Readonly<Record<string, Strings>> = { en, de, es, ar };

/** A text in the language of the dialog. */
export const say = (locale: string, key: Key): string => (languages[locale] ?? en)[key];
