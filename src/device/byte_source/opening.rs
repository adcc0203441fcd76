//! Opening a device that may be held by another process, or not be there yet.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{OpenError, SourcePlan, open_device::OpenDevice};

/// Why a device is not open yet; each is a reason for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenDelay {
    /// Another process holds it, and it is waited for as long as the plan says
    Held(String),
    /// It cannot be opened, and is waited for until it can
    Awaited(String),
}

/// Opens a device for the first time. A port that another process holds may become free; an absent one is waited for if it would
/// be after it went away. `tell` is told why, and stops the wait by its error.
///
/// # Errors
/// Those of `tell`.
pub(in crate::device) async fn open_first<E>(
    plan: &SourcePlan,
    tell: impl Fn(OpenDelay) -> Result<(), E>,
) -> Result<Result<OpenDevice, OpenError>, E> {
    match (open_when_free(plan, &tell).await?, plan.backoff) {
        (Err(error), Some(backoff)) if plan.patient || matches!(error, OpenError::Absent(_)) => {
            tell(OpenDelay::Awaited(error.to_string()))?;
            open_again(plan, backoff, error.to_string(), tell).await
        }
        (answer, _) => Ok(answer),
    }
}

/// Looks for a device until it can be opened. That it is absent is the usual reason, which was told when it went away; any
/// other one the operator must mend. A port with other settings than asked for is not opened.
///
/// # Errors
/// Those of `tell`.
pub(in crate::device) async fn open_again<E>(
    plan: &SourcePlan,
    (mut pause, longest): (Duration, Duration),
    mut told: String,
    tell: impl Fn(OpenDelay) -> Result<(), E>,
) -> Result<Result<OpenDevice, OpenError>, E> {
    loop {
        sleep(pause).await;
        let error = match OpenDevice::open(plan).await {
            Ok(device) => return Ok(Ok(device)),
            Err(error @ OpenError::Mismatch(_)) if !plan.patient => return Ok(Err(error)),
            Err(error) => error,
        };
        let why = error.to_string();
        if why != told && !matches!(error, OpenError::Absent(_)) {
            tell(OpenDelay::Awaited(why.clone()))?;
        }
        (told, pause) = (why, (pause * 2).min(longest));
    }
}

#[allow(clippy::disallowed_methods)] // how long we waited, of no result
async fn open_when_free<E>(
    plan: &SourcePlan,
    tell: &impl Fn(OpenDelay) -> Result<(), E>,
) -> Result<Result<OpenDevice, OpenError>, E> {
    let deadline = Instant::now() + plan.wait;
    let mut told = String::new();
    loop {
        match OpenDevice::open(plan).await {
            Err(OpenError::Busy(why)) if Instant::now() < deadline => {
                if why != told {
                    tell(OpenDelay::Held(why.clone()))?;
                    told = why;
                }
                sleep(Duration::from_millis(100)).await;
            }
            answer => return Ok(answer),
        }
    }
}
