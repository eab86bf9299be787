package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"simpul"
	"simpul/internal/platform/resource"
)

type certificateCmd struct {
	Add    certificateAddCmd    `cmd:"" help:"Daftarkan sertifikat." en:"Register a certificate."`
	List   certificateListCmd   `cmd:"" help:"Tampilkan sertifikat, juga yang sudah dicabut." en:"Show certificates, also revoked ones."`
	Revoke certificateRevokeCmd `cmd:"" help:"Cabut sebuah sertifikat." en:"Revoke a certificate."`
}

func (a application) certificates(f hubFlags, con *console) (*hub, []string, error) {
	if err := resource.Application.Check(a.Application); err != nil {
		return nil, nil, usage(placeless(err))
	}
	hub, err := f.open(con)
	return hub, append(item(resource.Application, a.Application), "certificates"), err
}

type certificateAddCmd struct {
	application `embed:""`
	File        string `arg:"" optional:"" name:"file" placeholder:"PEM" help:"Berkas sertifikat PEM, tanpa kunci rahasianya." en:"The certificate's PEM file, without its private key."`
	Thumbprint  string `placeholder:"SHA256" help:"Sidik jari sertifikat, sebagai ganti berkas." en:"The certificate's fingerprint, instead of the file."`
	Subject     string `placeholder:"DN" help:"Subjek sertifikat apa pun dari otoritas pada --authority." en:"Subject of any certificate of the authority in --authority."`
	Authority   string `placeholder:"PEM" help:"Berkas sertifikat otoritas yang menerbitkannya." en:"PEM file of the authority that issues them."`
	Label       string `help:"Catatan untuk mengenali sertifikat." en:"A note to recognise the certificate by."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*certificateAddCmd) Help() string {
	return "simpul application certificate add layanan@bandungkota.go.id layanan.pem --label produksi\n" +
		"simpul application certificate add layanan@bandungkota.go.id --subject CN=layanan,O=Kota,C=ID --authority ca.pem"
}

// Run registers the certificate and writes its ID.
func (c *certificateAddCmd) Run(ctx context.Context, con *console) error {
	certificate, err := textOf(c.File)
	if err != nil {
		return err
	}
	authority, err := textOf(c.Authority)
	if err != nil {
		return err
	}
	hub, path, err := c.certificates(c.hubFlags, con)
	if err != nil {
		return err
	}
	wish := map[string]string{"certificate": certificate, "thumbprint": c.Thumbprint, "subject": c.Subject, "authority": authority, "label": c.Label}
	for name, value := range wish {
		if value == "" {
			delete(wish, name)
		}
	}
	body, err := json.Marshal(wish)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, path, nil, body)
	if err != nil {
		return err
	}
	var made struct{ ID string }
	if err := json.Unmarshal(got.body, &made); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprintln(con.stdout, printable(made.ID))
	return err
}

// textOf reads a small file; none where no file is named.
func textOf(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	read, err := os.ReadFile(file)
	if err != nil {
		return "", usage(simpul.Invalid("", text("Berkas %q tidak terbaca.", "The file %q cannot be read.", file),
			text("Periksa nama berkas dan izinnya.", "Check the file's name and permissions.")))
	}
	return string(read), nil
}

type certificateListCmd struct {
	application `embed:""`
	Output      string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*certificateListCmd) Help() string {
	return "simpul application certificate list layanan@bandungkota.go.id"
}

// Run shows an application's certificates.
func (c *certificateListCmd) Run(ctx context.Context, con *console) error {
	hub, path, err := c.certificates(c.hubFlags, con)
	if err != nil {
		return err
	}
	all := hub.list(ctx, path...)
	if c.Output == "json" {
		return printList(con.stdout, all)
	}
	return con.printTable(columnsOfCertificates(), all)
}

type certificateRevokeCmd struct {
	application   `embed:""`
	CertificateID string `arg:"" name:"certificate-id" help:"ID sertifikat seperti pada certificate list." en:"The certificate's ID as in certificate list."`
	hubFlags      `embed:""`
}

// Help gives an example.
func (*certificateRevokeCmd) Help() string {
	return "simpul application certificate revoke layanan@bandungkota.go.id c-7f3a"
}

// Run revokes one certificate.
func (c *certificateRevokeCmd) Run(ctx context.Context, con *console) error {
	if err := checkSegment(c.CertificateID, text("Salin ID dari \"simpul application certificate list\".", "Copy the ID from \"simpul application certificate list\".")); err != nil {
		return err
	}
	hub, path, err := c.certificates(c.hubFlags, con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodDelete, append(path, c.CertificateID), nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "Certificate %s revoked\n", printable(c.CertificateID))
	return err
}
