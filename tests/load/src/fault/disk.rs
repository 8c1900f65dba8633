//! The disk is full while people post: chat fails cleanly without an acknowledgement, reading works, and when there is room
//! again everything that waited is stored once.
//!
//! The disk is a small file system in memory, which only root can make, and not everywhere; otherwise a limit on the size of the server's
//! files takes its place, and there is room again after a restart without it.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::fault::client::{Habits, Phase};
use crate::fault::crew::Crew;
use crate::fault::live::read_messages;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};
use crate::server::Setup;
use crate::wire::SyncRequest;

/// The size of the disk, and of the largest file where a limit takes its place.
const SIZE: u64 = 24 * 1024 * 1024;

/// How long it may take until the disk is full, and until posts are acknowledged when it is not any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many posts are refused before there is room again.
const REFUSED: u64 = 40;

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, limit_files: bool, report: &mut Report) -> Result<()> {
    report.on("sqlite");
    let mounted = if limit_files { None } else { SmallDisk::mount(&scene.folder)? };
    report.detail("disk", if mounted.is_some() { "tmpfs" } else { "file size limit" });
    let folder = mounted.as_ref().map_or(scene.folder.as_path(), |disk| disk.folder.as_path());
    let url = format!("sqlite:{}", folder.join("rony.db").display());
    let people = People::make(&url, 12, 3).await?;
    let mut setup = scene.setup(&url);
    if mounted.is_none() {
        limit_file_sizes(&mut setup, &scene.folder)?;
    }
    // Long texts fill it sooner.
    let habits = Habits { text: 4_000, pause: Duration::from_millis(20), ..HABITS };
    let stage = Stage::open(scene, setup, &people, (12, 12), habits).await?;
    let rounds = if mounted.is_some() { scene.size(5, 2) } else { 1 };
    report.detail("rounds", rounds);
    let token = people.tokens[0].clone();
    let played = stage.play(report, async |nodes, crew, report| {
        crew.phase(Phase::Posting);
        for round in 0..rounds {
            crew.world.board.round(round as u64, rounds as u64);
            crew.acknowledged(50, PATIENCE).await?;
            let ballast = mounted.as_ref().map(SmallDisk::fill).transpose()?;
            let goal = crew.world.board.put_off.load(Relaxed) + REFUSED;
            let refused = |board: &crate::fault::board::Board| board.put_off.load(Relaxed) >= goal;
            crew.world.board.until("posts are refused, since the disk is full", PATIENCE, refused).await?;
            nodes.check()?;
            read_everything(crew, &token, report).await;
            match ballast {
                Some(ballast) => fs::remove_file(ballast)?,
                None => {
                    nodes.kill().await?;
                    nodes.set_program(&scene.program);
                    nodes.start_again()?;
                }
            }
            crew.acknowledged(50, PATIENCE).await?;
        }
        // There is to be room for what is still on its way.
        crew.phase(Phase::Quiet);
        Ok(())
    });
    played.await.map(drop)
}

/// Reading needs no room.
async fn read_everything(crew: &Crew, token: &str, report: &mut Report) {
    let world = &crew.world;
    for place in &world.places {
        if let Err(error) = read_messages(world, token, *place, 0).await {
            report.wrong.push(format!("messages cannot be read while the disk is full: {error:#}"));
        }
    }
    let streams = world.places.iter().map(|place| (*place, 0)).collect();
    if let Err(error) = world.http.post(&world.url("/sync"), token, &SyncRequest { streams }).await {
        report.wrong.push(format!("sync does not answer while the disk is full: {error:#}"));
    }
}

/// A small file system in memory, gone when this is dropped.
#[derive(Debug)]
struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts it; `None` for who may not, which is said.
    fn mount(parent: &Path) -> Result<Option<Self>> {
        let folder = parent.join("small-disk");
        fs::create_dir_all(&folder)?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={SIZE},mode=700"), "rony-fault"]).arg(&folder);
        let mounted = mount.output().context("mount cannot be run")?;
        if mounted.status.success() {
            return Ok(Some(Self { folder }));
        }
        let why = String::from_utf8_lossy(&mounted.stderr);
        eprintln!(
            "no small file system can be mounted ({}): the size of files is limited instead",
            why.trim()
        );
        Ok(None)
    }

    /// Writes until nothing fits any more; gives the file to remove.
    fn fill(&self) -> Result<PathBuf> {
        let path = self.folder.join("ballast");
        let mut file = File::create(&path)?;
        for block in [64 * 1024, 4 * 1024] {
            while file.write_all(&vec![0; block]).is_ok() {}
        }
        Ok(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server that is being ended may still have files open.
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

/// Starts the server through a script that limits the size of its files; a write beyond it fails, as on a full disk.
fn limit_file_sizes(setup: &mut Setup, folder: &Path) -> Result<()> {
    let script = folder.join("limited");
    let blocks = SIZE / 512 / 4;
    let server = setup.program.display();
    fs::write(&script, format!("#!/bin/sh\ntrap '' XFSZ\nulimit -f {blocks}\nexec '{server}' \"$@\"\n"))?;
    fs::set_permissions(&script, Permissions::from_mode(0o700))?;
    setup.program = script;
    Ok(())
}
