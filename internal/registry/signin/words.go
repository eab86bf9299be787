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
	case "account.invite":
		return web.T(ctx, "Anda diundang.", "You were invited.")
	case "account.join":
		return web.T(ctx, "Anda menerima undangan.", "You accepted the invitation.")
	case "account.change":
		return web.T(ctx, "Data akun Anda diubah.", "The details of your account were changed.")
	case "account.roles":
		return web.T(ctx, "Peran Anda diubah.", "Your roles were changed.")
	case "account.recover":
		return web.T(ctx, "Kode pemulihan akun dikirim kepada Anda.", "A code to recover your account was sent to you.")
	case "account.suspend":
		return web.T(ctx, "Akun Anda ditangguhkan.", "Your account was suspended.")
	case "account.reinstate":
		return web.T(ctx, "Akun Anda diaktifkan kembali.", "Your account was reinstated.")
	case "account.export":
		return web.T(ctx, "Data pribadi Anda diekspor.", "Your personal data were exported.")
	case "invitation.resend":
		return web.T(ctx, "Undangan dikirim ulang kepada Anda.", "The invitation was sent to you again.")
	case "invitation.withdraw":
		return web.T(ctx, "Kode undangan atau pemulihan ditarik.", "The code of invitation or recovery was withdrawn.")
	case "emergency.begin":
		return web.T(ctx, "Anda mengambil peran lain dalam keadaan darurat.", "You took another role in an emergency.")
	case "emergency.end":
		return web.T(ctx, "Akses darurat Anda berakhir.", "Your emergency access ended.")
	case "consent.give":
		return web.T(ctx, "Anda mengizinkan sebuah aplikasi memasukkan Anda.", "You let an application sign you in.")
	case "consent.withdraw":
		return web.T(ctx, "Anda menarik izin sebuah aplikasi.", "You withdrew your consent from an application.")
	case "login.begin":
		return web.T(ctx, "Anda masuk ke sebuah aplikasi.", "You signed in to an application.")
	case "login.end":
		return web.T(ctx, "Anda keluar dari sebuah aplikasi.", "You signed out of an application.")
	}
	if e.Outcome != "" {
		return web.T(ctx, "Sebuah permintaan ditolak: ", "A request was refused: ") + e.Action + "."
	}
	return web.T(ctx, "Tercatat: ", "Recorded: ") + e.Action + "."
}
