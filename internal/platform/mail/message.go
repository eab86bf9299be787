package mail

import (
	"errors"
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Limits of a message, in bytes.
const (
	maxSubject = 500
	maxText    = 256 << 10
	maxID      = 100
)

// Message is one message to one person.
type Message struct {
	To      Address
	ID      string // makes the Message-ID; the same for every attempt at one message
	At      time.Time
	Subject string
	Text    string // paragraphs with an empty line between
	List    string // kind of message, of letters and hyphens, by which receivers may sort (List-Id, RFC 2919)
}

// check refuses what could break out of its place in the message.
func (m Message) check() error {
	switch {
	case m.Subject == "" || len(m.Subject) > maxSubject || !utf8.ValidString(m.Subject) || strings.ContainsFunc(m.Subject, unicode.IsControl):
		return errors.New("the subject is not one line")
	case !isToken(m.ID, maxID):
		return errors.New("the ID is not a token")
	case m.List != "" && !isToken(m.List, maxID):
		return errors.New("the list is not a token")
	case len(m.Text) > maxText || !utf8.ValidString(m.Text) || strings.ContainsFunc(m.Text, isBad):
		return errors.New("the text is too long or has control characters")
	case strings.ContainsFunc(m.To.Name, unicode.IsControl):
		return errors.New("the name has control characters")
	}
	return nil
}

func isBad(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func isToken(s string, most int) bool {
	return s != "" && len(s) <= most && !strings.ContainsFunc(s, func(r rune) bool { return !isAlphanumeric(r) && r != '-' })
}

// compose writes the message for the relay.
func (m Message) compose(from Address) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(from.Name, from.Email); err != nil {
		return nil, err
	}
	if err := msg.AddToFormat(m.To.Name, m.To.Email); err != nil {
		return nil, err
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID + "@" + from.domain())
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.List != "" {
		msg.SetGenHeaderPreformatted("List-Id", "<"+m.List+".simpul."+from.domain()+">")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, htmlOf(m.Text))
	return msg, nil
}

// htmlOf writes the same text for readers that show HTML: paragraphs, and lines
// that are an address as links.
func htmlOf(text string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html><body>\n")
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		b.WriteString("<p>")
		for i, line := range strings.Split(paragraph, "\n") {
			if i > 0 {
				b.WriteString("<br>\n")
			}
			b.WriteString(htmlLine(line))
		}
		b.WriteString("</p>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

func htmlLine(line string) string {
	escaped := html.EscapeString(line)
	address := strings.TrimSpace(line)
	if (strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")) && !strings.ContainsAny(address, " \t") {
		return `<a href="` + strings.TrimSpace(escaped) + `">` + escaped + `</a>`
	}
	return escaped
}
