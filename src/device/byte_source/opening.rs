//! Opening a device that may be held by another process, or not be there yet.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{OpenError, SourcePlan, open_device::OpenDevice};

/// Opens a device for the first time. A port that another process holds may become free; an absent one is waited for if it would
/// be after it went away. `awaited` is told why, and stops the wait by its error.
///
/// # Errors
/// Those of `awaited`.
pub(in crate::device) async fn open_first<E>(
    plan: &SourcePlan,
    awaited: impl Fn(String) -> Result<(), E>,
) -> Result<Result<OpenDevice, OpenError>, E> {
    match (open_when_free(plan).await, plan.backoff) {
        (Err(error), Some(backoff)) if plan.patient || matches!(error, OpenError::Absent(_)) => {
            awaited(error.to_string())?;
            open_again(plan, backoff, error.to_string(), awaited).await
        }
        (answer, _) => Ok(answer),
    }
}

/// Looks for a device until it can be opened. That it is absent is the usual reason, which was told when it went away; any
/// other one the operator must mend. A port with other settings than asked for is not opened.
///
/// # Errors
/// Those of `awaited`.
pub(in crate::device) async fn open_again<E>(
    plan: &SourcePlan,
    (mut pause, longest): (Duration, Duration),
    mut told: String,
    awaited: impl Fn(String) -> Result<(), E>,
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
            awaited(why.clone())?;
        }
        (told, pause) = (why, (pause * 2).min(longest));
    }
}

#[allow(clippy::disallowed_methods)] // how long we waited, of no result
async fn open_when_free(plan: &SourcePlan) -> Result<OpenDevice, OpenError> {
    let deadline = Instant::now() + plan.wait;
    loop {
        match OpenDevice::open(plan).await {
            Err(OpenError::Busy(_)) if Instant::now() < deadline => sleep(Duration::from_millis(100)).await,
            answer => return answer,
        }
    }
}
