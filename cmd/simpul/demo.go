package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/app/demo"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/config"
	"simpul/internal/platform/telemetry"
)

type demoCmd struct {
	Data       string `placeholder:"DIR" help:"Folder data; bawaan var/demo, atau folder sementara dengan --once." en:"Data folder; var/demo by default, or a temporary one with --once."`
	Gateway    string `placeholder:"ADDR" help:"Alamat gerbang; bawaan 127.0.0.1:8080." en:"Gateway address; 127.0.0.1:8080 by default."`
	Control    string `placeholder:"ADDR" help:"Alamat kendali; bawaan 127.0.0.1:8081." en:"Control address; 127.0.0.1:8081 by default."`
	RegionData string `env:"SIMPUL_REGION_DATA" placeholder:"DIR" help:"Folder paket npm idn-area-data." en:"Folder of the npm package idn-area-data."`
	Once       bool   `help:"Lakukan satu pertukaran, periksa catatannya, lalu selesai." en:"Do one exchange, check its record, and end."`
	Output     string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
}

// Help gives examples.
func (*demoCmd) Help() string {
	return "simpul demo\n" +
		"simpul demo --once -o json"
}

// Run starts the demo nation and serves it, or does one exchange.
func (c *demoCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	if c.Once && c.Data == "" && os.Getenv("SIMPUL_DATA") == "" {
		dir, remove, err := demo.TemporaryData()
		if err != nil {
			return err
		}
		defer remove()
		settings.Data = dir
	}
	if err := settings.Validate(); err != nil {
		return usage(err)
	}
	log, err := telemetry.NewLogger(con.stderr, settings.Log.Level, settings.Log.Format)
	if err != nil {
		return usage(err)
	}
	slog.SetDefault(log)
	con.say(text("Menyiapkan negara contoh: 582 instansi, 6 LID …", "Preparing the demo nation: 582 agencies, 6 LIDs …"))
	nation, err := demo.Open(ctx, settings, c.RegionData, log)
	if err != nil {
		return err
	}
	if c.Once {
		err = c.once(ctx, con, nation)
	} else {
		err = nation.Hub.Serve(ctx, func(at app.Ready) { c.welcome(con, nation, at, settings.Data) })
	}
	if cerr := nation.Close(); err == nil {
		err = cerr
	}
	return err
}

// settings are the demo's own, overridden by the environment, overridden by flags.
func (c *demoCmd) settings() (config.Config, error) {
	environ := environment()
	for name, value := range c.defaults() {
		environ[name] = cmp.Or(environ[name], value)
	}
	settings, err := config.Load("", environ)
	settings.Duty.Tokens = true // the demo nation has tokens only; whoever tries it plays both people
	settings.Data = cmp.Or(c.Data, settings.Data)
	settings.Gateway.Addr = cmp.Or(c.Gateway, settings.Gateway.Addr)
	settings.Control.Addr = cmp.Or(c.Control, settings.Control.Addr)
	return settings, err
}

// defaults are what the demo sets where nobody else does.
func (c *demoCmd) defaults() map[string]string {
	all := map[string]string{"SIMPUL_DATA": "var/demo", "SIMPUL_GATEWAY_ADDR": "127.0.0.1:8080", "SIMPUL_CONTROL_ADDR": "127.0.0.1:8081", "SIMPUL_LOG_LEVEL": "warn"}
	if c.Once {
		all["SIMPUL_GATEWAY_ADDR"], all["SIMPUL_CONTROL_ADDR"], all["SIMPUL_DRAIN_DELAY"] = "127.0.0.1:0", "127.0.0.1:0", "0s"
	}
	return all
}

// once serves just long enough for one exchange.
func (c *demoCmd) once(ctx context.Context, con *console, nation *demo.Nation) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready := make(chan app.Ready, 1)
	served := make(chan error, 1)
	go func() { served <- nation.Hub.Serve(ctx, func(at app.Ready) { ready <- at }) }()

	var x demo.Exchange
	var err error
	select {
	case err = <-served:
		return err
	case at := <-ready:
		if x, err = nation.Once(ctx, at.Gateway); err == nil {
			x.Proof, err = nation.Prove(ctx, at.Control, x)
		}
	}
	stop()
	if serr := <-served; err == nil {
		err = serr
	}
	if err != nil {
		return err
	}
	return c.showExchange(con, x)
}

func (c *demoCmd) showExchange(con *console, x demo.Exchange) error {
	if c.Output == "json" {
		return json.NewEncoder(con.stdout).Encode(x)
	}
	_, err := fmt.Fprintln(con.stdout, text(
		"%s memanggil %s milik %s: jawaban %d, %d kabupaten dan kota, %.1f ms.\nPertukaran %s tercatat, dan sidik jawaban cocok dengan catatannya.",
		"%s called %s of %s: status %d, %d regencies and cities, %.1f ms.\nExchange %s is on record, and the answer's digest matches the record.",
		demo.BandungApplication, x.LID, demo.ProviderAgency, x.Status, x.Items, x.DurationMS, x.ID).In(con.lang))
	if err != nil || x.Proof == "" {
		return err
	}
	_, err = fmt.Fprintln(con.stdout, proved(x.Proof).In(con.lang))
	return err
}

func proved(status proof.Status) simpul.Text {
	if status == proof.Awaiting {
		return text("Buktinya sah menurut kunci publik hub, dan menunggu saksi.", "Its proof is valid by the hub's public keys, and awaits a witness.")
	}
	return text("Buktinya sah menurut kunci publik hub dan saksinya.", "Its proof is valid by the public keys of the hub and its witnesses.")
}

// welcome tells the visitor where everything is.
func (c *demoCmd) welcome(con *console, nation *demo.Nation, at app.Ready, data string) {
	secrets := nation.Credentials
	if c.Output == "json" {
		json.NewEncoder(con.stdout).Encode(readyLine{
			Ready: true, Gateway: at.Gateway, Control: at.Control, Data: data,
			AdminToken: secrets.AdminToken, APIKey: secrets.APIKey, Mailbox: at.Control + demo.MailPath, Health: nation.Health, HealthKey: nation.Secret.Reveal(),
		})
		return
	}
	fmt.Fprintln(con.stdout, text(welcomeID, welcomeEN,
		nation.Provisioned.Round(10*time.Millisecond), at.Control, secrets.AdminToken, at.Control+demo.MailPath,
		secrets.APIKey, at.Gateway, secrets.APIKey, at.Gateway, secrets.AidKey, at.Gateway, string(nation.Example.NIK), at.Control).In(con.lang))
}

const welcomeID = `
Negara contoh siap (penyiapan %v). Hentikan dengan Ctrl-C.

  Portal        %s
  Token masuk   %s
  Kotak surat   %s  (tiruan: surel tidak dikirim ke mana pun)

Panggilan pertama: Pemerintah Kota Bandung meminta 514 kabupaten dan kota dari Kemendagri
  curl -i -H 'X-API-Key: %s' '%s/master/Kota'

Tanpa izin, hub menolak dan memberi tahu apa yang harus dilakukan
  curl -i -X POST -H 'X-API-Key: %s' '%s/kependudukan/CekNIK'

Dengan izin, hanya kolom yang diizinkan yang sampai (warga sintetis)
  curl -i -H 'X-API-Key: %s' -H 'Content-Type: application/json' '%s/kependudukan/CekNIK' -d '{"nik":"%s"}'

Semua pertukaran tercatat: %s/exchanges
`

const welcomeEN = `
The demo nation is ready (prepared in %v). Stop it with Ctrl-C.

  Portal          %s
  Sign-in token   %s
  Mailbox         %s  (mock: no mail is sent anywhere)

First call: the city of Bandung asks the Ministry of Home Affairs for 514 regencies and cities
  curl -i -H 'X-API-Key: %s' '%s/master/Kota'

Without a grant, the hub refuses and says what to do
  curl -i -X POST -H 'X-API-Key: %s' '%s/kependudukan/CekNIK'

With a grant, only the granted fields arrive (synthetic citizens)
  curl -i -H 'X-API-Key: %s' -H 'Content-Type: application/json' '%s/kependudukan/CekNIK' -d '{"nik":"%s"}'

Every exchange is on record: %s/exchanges
`
