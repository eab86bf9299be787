package metering

import (
	"context"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// sideName names whose matter a failure is.
func sideName(s simpul.Side) simpul.Text {
	switch s {
	case simpul.ConsumerSide:
		return simpul.Text{ID: "pemanfaat", EN: "consumer"}
	case simpul.ProviderSide:
		return simpul.Text{ID: "penyedia", EN: "provider"}
	case simpul.HubSide:
		return simpul.Text{ID: "hub", EN: "hub"}
	}
	return simpul.Text{ID: "sampai", EN: "delivered"}
}

// causeName names how exchanges ended.
func causeName(c Cause) simpul.Text {
	switch simpul.Code(c) {
	case simpul.Code(Delivered):
		return simpul.Text{ID: "Sampai", EN: "Delivered"}
	case simpul.Code(FailedAnswer):
		return simpul.Text{ID: "Penyedia menjawab gagal (5xx)", EN: "Provider answered that it failed (5xx)"}
	case simpul.CodeInvalid:
		return simpul.Text{ID: "Permintaan keliru", EN: "Request not valid"}
	case simpul.CodeUnauthenticated:
		return simpul.Text{ID: "Kunci tidak berlaku", EN: "Key not valid"}
	case simpul.CodeDenied:
		return simpul.Text{ID: "Tanpa izin", EN: "No grant"}
	case simpul.CodeNotFound:
		return simpul.Text{ID: "Alamat tidak ada", EN: "No such address"}
	case simpul.CodeMethodNotAllowed:
		return simpul.Text{ID: "Operasi di luar kontrak", EN: "Not in the contract"}
	case simpul.CodeConflict:
		return simpul.Text{ID: "Bertentangan", EN: "Conflict"}
	case simpul.CodeGone:
		return simpul.Text{ID: "LID sudah berakhir", EN: "LID has ended"}
	case simpul.CodeTooLarge:
		return simpul.Text{ID: "Isi terlalu besar", EN: "Body too large"}
	case simpul.CodeLimited:
		return simpul.Text{ID: "Melewati batas", EN: "Over the limit"}
	case simpul.CodeInternal:
		return simpul.Text{ID: "Kesalahan hub", EN: "Error of the hub"}
	case simpul.CodeUpstream:
		return simpul.Text{ID: "Jawaban penyedia rusak", EN: "Broken answer"}
	case simpul.CodeUnavailable:
		return simpul.Text{ID: "Tidak tersedia", EN: "Not available"}
	case simpul.CodeTimeout:
		return simpul.Text{ID: "Penyedia diam terlalu lama", EN: "Provider silent for too long"}
	case simpul.CodeAborted:
		return simpul.Text{ID: "Diputus pemanfaat", EN: "Caller hung up"}
	}
	return simpul.Text{ID: string(c), EN: string(c)}
}

func periodName(p Period) simpul.Text {
	switch p {
	case Day:
		return simpul.Text{ID: "24 jam", EN: "24 hours"}
	case Month:
		return simpul.Text{ID: "30 hari", EN: "30 days"}
	case Months:
		return simpul.Text{ID: "12 bulan", EN: "12 months"}
	}
	return simpul.Text{ID: "7 hari", EN: "7 days"}
}

func viewName(v View) simpul.Text {
	switch v {
	case AsConsumer:
		return simpul.Text{ID: "Sebagai pemanfaat", EN: "As a consumer"}
	case AsNation:
		return simpul.Text{ID: "Seluruh negara", EN: "The whole nation"}
	}
	return simpul.Text{ID: "Sebagai penyedia", EN: "As a provider"}
}

// stateName names how something does, with the tone that a colour repeats.
func stateName(s State) (simpul.Text, web.Tone) {
	switch s {
	case Good:
		return simpul.Text{ID: "Normal", EN: "Normal"}, web.Good
	case Impaired:
		return simpul.Text{ID: "Terganggu sebagian", EN: "Partly impaired"}, web.Caution
	case Failing:
		return simpul.Text{ID: "Terganggu", EN: "Failing"}, web.Bad
	}
	return simpul.Text{ID: "Belum cukup panggilan", EN: "Too few calls to say"}, web.Neutral
}

// moment names one part of a period.
func moment(ctx context.Context, p Period, from time.Time) string {
	local := from.In(wib)
	switch p {
	case Day:
		return local.Format(web.T(ctx, "15.04", "15:04"))
	case Week:
		return dayMonth(ctx, local) + " " + local.Format(web.T(ctx, "15.04", "15:04"))
	case Months:
		return monthName(ctx, local.Month()) + " " + strconv.Itoa(local.Year())
	}
	return dayMonth(ctx, local)
}

func dayMonth(ctx context.Context, t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + monthName(ctx, t.Month())
}

func monthName(ctx context.Context, m time.Month) string {
	if web.Language(ctx) == simpul.English {
		return m.String()[:3]
	}
	return [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}[m-1]
}

// say writes a text in the page's language.
func say(ctx context.Context, t simpul.Text) string { return t.In(web.Language(ctx)) }
