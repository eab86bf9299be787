package app

import (
	"context"
	"fmt"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/mail"
	"simpul/internal/registry/notice"
)

// mailSettings are the configured ones, in the door's words.
func mailSettings(c config.Mail) mail.Settings {
	return mail.Settings{Host: c.Host, Port: c.Port, TLS: c.TLS, Username: c.Username, Password: c.Password, From: c.From}
}

// mailSender is the configured relay; nil where none is.
func mailSender(c config.Mail) (notice.Sender, error) {
	if c.Host == "" {
		return nil, nil
	}
	sender, err := mail.New(mailSettings(c))
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return sender, nil
}

// TestMail sends a message that tries the settings out, while no hub needs to
// run.
func TestMail(ctx context.Context, c config.Mail, to string, l simpul.Language) error {
	if c.Host == "" {
		return notice.NotConfigured()
	}
	sender, err := mail.New(mailSettings(c))
	if err != nil {
		return err
	}
	address, err := mail.ParseAddress(to)
	if err != nil {
		return err
	}
	return sender.Send(ctx, notice.TestLetter(address, clock.System(), l))
}

// deliver carries letters until ctx ends. portal is the URL of the screens.
func (h *Hub) deliver(ctx context.Context, portal string) {
	h.Notices.NewCourier(staff{h}, h.mail, portal, h.log).Run(ctx)
}
