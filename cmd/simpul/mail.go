package main

import (
	"context"

	"simpul"
	"simpul/internal/app"
)

type mailCmd struct {
	Test mailTestCmd `cmd:"" help:"Kirim satu surel percobaan dengan pengaturan hub." en:"Send one test message with the hub's settings."`
}

type mailTestCmd struct {
	To      string `required:"" placeholder:"ADDRESS" help:"Alamat surel penerima." en:"The receiver's e-mail address."`
	offline `embed:""`
}

// Help gives examples.
func (*mailTestCmd) Help() string {
	return "simpul mail test --to siti.rahma@bandungkota.go.id --config /etc/simpul.yaml\n" +
		"SIMPUL_MAIL_HOST=smtp.contoh.go.id SIMPUL_MAIL_FROM=hub@contoh.go.id simpul mail test --to siti.rahma@bandungkota.go.id"
}

// Run sends one message at once, without the outbox.
func (c *mailTestCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	err = app.TestMail(ctx, settings.Mail, c.To, con.lang)
	switch {
	case simpul.CodeOf(err) == simpul.CodeInvalid:
		return usage(err)
	case err != nil:
		return err
	}
	con.say(text("Peladen surel %s menerima surel percobaan untuk %s. Periksa kotak suratnya, juga folder spam.",
		"The mail server %s took the test message for %s. Look into that mailbox, also into its spam folder.", settings.Mail.Host, c.To))
	return nil
}
