package notice

import (
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/mail"
)

// letterWords is what a letter says, in the receiver's language.
type letterWords struct {
	subject simpul.Text
	text    string
}

func noticeWords(e Entry, l simpul.Language, portal string) letterWords {
	say := func(id, en string) string { return simpul.Text{ID: id, EN: en}.In(l) }
	subject := e.Title
	if e.Urgent {
		subject = simpul.Text{ID: "Penting: " + e.Title.ID, EN: "Important: " + e.Title.In(simpul.English)}
	}
	parts := []string{e.Title.In(l), e.Body.In(l)}
	if e.Waits() {
		parts = append(parts, say("Tangani paling lambat ", "Act by ")+day(e.Due, l)+".")
	}
	parts = append(parts, reachable(e.Link, l, portal), closing(l, portal))
	return letterWords{subject, paragraphs(parts...)}
}

// reachable says where to act.
func reachable(link string, l simpul.Language, portal string) string {
	switch {
	case portal == "":
		return simpul.Text{ID: "Buka kotak masuk Anda di portal hub.", EN: "Open your inbox in the hub's portal."}.In(l)
	case link == "":
		link = InboxPath
	}
	return simpul.Text{ID: "Buka di portal:", EN: "Open it in the portal:"}.In(l) + "\n" + strings.TrimSuffix(portal, "/") + link
}

// closing says whom to ask and how to get fewer letters.
func closing(l simpul.Language, portal string) string {
	ask := simpul.Text{
		ID: "Ada yang kurang jelas? Tanyakan kepada admin instansi Anda. Surel ini ditulis oleh hub; balasannya tidak dibaca.",
		EN: "Is anything unclear? Ask your agency's administrator. The hub wrote this message; nobody reads replies.",
	}.In(l)
	if portal == "" {
		return ask
	}
	return ask + "\n\n" + simpul.Text{ID: "Atur surel apa yang Anda terima:", EN: "Choose which mail you get:"}.In(l) + "\n" + strings.TrimSuffix(portal, "/") + PreferencesPath
}

func digestWords(all []Entry, l simpul.Language, portal string) letterWords {
	parts := []string{simpul.Text{ID: "Yang belum Anda baca di kotak masuk:", EN: "What you have not read in your inbox:"}.In(l)}
	for _, e := range all {
		line := "• " + e.Title.In(l)
		if e.Waits() {
			line += simpul.Text{ID: " (paling lambat ", EN: " (by "}.In(l) + day(e.Due, l) + ")"
		}
		if e.Link != "" && portal != "" {
			line += "\n" + strings.TrimSuffix(portal, "/") + e.Link
		}
		parts = append(parts, line)
	}
	parts = append(parts, reachable("", l, portal), closing(l, portal))
	subject := simpul.Text{ID: fmt.Sprintf("Ringkasan harian: %d pesan", len(all)), EN: fmt.Sprintf("Daily digest: %d notices", len(all))}
	if len(all) == 1 {
		subject.EN = "Daily digest: 1 notice"
	}
	return letterWords{subject, paragraphs(parts...)}
}

func invitationWords(i invitation) letterWords {
	l := i.Language
	say := func(id, en string) string { return simpul.Text{ID: id, EN: en}.In(l) }
	subject := simpul.Text{ID: "Undangan ke Simpul", EN: "Invitation to Simpul"}
	why := say("Anda diundang bekerja di Simpul, penghubung layanan pemerintah. Buka tautan ini untuk membuat akun Anda:",
		"You are invited to work with Simpul, the government service hub. Open this link to make your account:")
	stranger := say("Tidak merasa mengenal undangan ini? Abaikan saja; tanpa tautan ini tidak ada akun yang dibuat.",
		"You do not know of this invitation? Ignore it; without the link no account is made.")
	if i.Purpose == Recover {
		subject = simpul.Text{ID: "Pemulihan akun Simpul", EN: "Recovery of your Simpul account"}
		why = say("Admin memulihkan akun Anda. Buka tautan ini untuk memasang cara masuk yang baru:",
			"An administrator is recovering your account. Open this link to set up a new way to sign in:")
		stranger = say("Tidak meminta pemulihan? Jangan buka tautannya, dan segera beri tahu admin instansi Anda.",
			"You did not ask for this? Do not open the link, and tell your agency's administrator at once.")
	}
	greeting := say("Halo", "Hello")
	if i.Name != "" {
		greeting += " " + i.Name
	}
	return letterWords{subject, paragraphs(greeting+",", why+"\n"+i.Link,
		say("Tautan berlaku sampai ", "The link works until ")+moment(i.Until, l)+say(", untuk satu kali pakai. Jangan teruskan surel ini.", ", and only once. Do not forward this message."),
		stranger,
		say("Ada yang kurang jelas? Tanyakan kepada admin instansi yang mengundang Anda.", "Is anything unclear? Ask the administrator of the agency that invited you."))}
}

// TestLetter is a letter that tries the settings of mail out.
func TestLetter(to mail.Address, at time.Time, l simpul.Language) mail.Message {
	text := simpul.Text{
		ID: "Surel ini dikirim dengan \"simpul mail test\". Jika Anda membacanya, pengaturan surel hub sudah benar. Anda tidak perlu berbuat apa-apa.",
		EN: "This message was sent with \"simpul mail test\". If you can read it, the hub's mail settings work. Nothing is to be done.",
	}
	return mail.Message{
		To: to, ID: newID(), At: at, List: "test", Text: paragraphs(text.In(l)),
		Subject: simpul.Text{ID: "Percobaan surel Simpul", EN: "Simpul mail test"}.In(l),
	}
}

func paragraphs(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n") + "\n"
}

func day(t time.Time, l simpul.Language) string {
	local := t.In(seat())
	months := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	name := months[local.Month()-1]
	if l == simpul.English {
		name = local.Month().String()
	}
	return fmt.Sprintf("%d %s %d", local.Day(), name, local.Year())
}

func moment(t time.Time, l simpul.Language) string {
	return day(t, l) + " " + t.In(seat()).Format(simpul.Text{ID: "15.04", EN: "15:04"}.In(l)) + " WIB"
}
