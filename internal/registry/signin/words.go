package signin

import (
	"context"

	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
)

// sentence tells one event of a person's own trail in plain words.
func sentence(ctx context.Context, e trail.Event) string {
	switch e.Action {
	case "session.begin":
		return web.T(ctx, "Anda masuk.", "You signed in.")
	case "session.renew":
		return web.T(ctx, "Anda membuktikan diri sekali lagi.", "You proved again who you are.")
	case "session.end":
		return web.T(ctx, "Sebuah sesi diakhiri.", "A session was ended.")
	case "session.refuse":
		return web.T(ctx, "Seseorang mencoba masuk dengan kata sandi atau kode yang salah.", "Somebody tried to sign in with a wrong password or code.")
	case "passkey.add":
		return web.T(ctx, "Sebuah passkey ditambahkan.", "A passkey was added.")
	case "passkey.rename":
		return web.T(ctx, "Sebuah passkey diberi nama lain.", "A passkey was renamed.")
	case "passkey.remove":
		return web.T(ctx, "Sebuah passkey dihapus.", "A passkey was removed.")
	case "passkey.refuse":
		return web.T(ctx, "Sebuah passkey ditolak karena tampaknya disalin.", "A passkey was refused because it seems to have been copied.")
	case "password.set":
		return web.T(ctx, "Kata sandi diganti.", "The password was changed.")
	case "password.remove":
		return web.T(ctx, "Kata sandi dan aplikasi autentikator dihapus.", "The password and the authenticator app were removed.")
	case "totp.set":
		return web.T(ctx, "Aplikasi autentikator dipasang.", "An authenticator app was set up.")
	case "recovery.make":
		return web.T(ctx, "Kode pemulihan dibuat.", "Recovery codes were made.")
	case "recovery.use":
		return web.T(ctx, "Satu kode pemulihan dipakai.", "A recovery code was used.")
	case "credential.forget":
		return web.T(ctx, "Semua cara masuk yang lama dihapus.", "All former ways to sign in were removed.")
	}
	if e.Outcome != "" {
		return web.T(ctx, "Sebuah permintaan ditolak: ", "A request was refused: ") + e.Action + "."
	}
	return web.T(ctx, "Tercatat: ", "Recorded: ") + e.Action + "."
}
