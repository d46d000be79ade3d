"""The commands that stay: the server and the Slack bot. Not here: what they serve (bot.server, bot.faces.slack.app)."""

from typing import Annotated

import typer

from bot.faces.cli.app import app, load_settings, progress_console, waiting


@app.command(epilog="Example: `digg-deeper serve --port 8080`")
def serve(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; DIGG_HOST.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port, 0 for a free one; DIGG_PORT.", show_default="7860")
    ] = None,
) -> None:
    """Serve the web chat and the HTTP API. At the very first start the sample story is read in.

    While it runs, other commands work through it. Ctrl-C stops it.
    """
    settings = load_settings(on_terminal=True, host=host, port=port)
    progress_console.print("Digg Deeper is starting ...", style="dim")
    from bot import server

    server.serve(settings, on_ready=lambda url: typer.echo(f"Digg Deeper is ready on {url}"), on_wait=waiting)


@app.command(epilog="Example: `digg-deeper slack`; docs/slack.md says how to set it up")
def slack() -> None:
    """Answer in Slack, over a socket: when mentioned in a thread from that thread, to /digg-deeper from what is kept.

    Ctrl-C stops it. It may run beside a server, or without one.
    """
    settings = load_settings(on_terminal=True)
    progress_console.print("Digg Deeper is connecting to Slack ...", style="dim")
    from bot.faces.slack import app as face

    face.answer_over_socket(settings, on_ready=lambda where: typer.echo(f"Digg Deeper answers as {where}"))
